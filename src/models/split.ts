import { Column, Entity, ForeignKey, PrimaryGeneratedColumn } from 'typeorm';
import { Branch } from './branch.ts';
import { Staging } from './staging.ts';

/** A part of a failed staging that waits to be staged alone. Its batches point at it. */
@Entity('split')
export class Split {
  @PrimaryGeneratedColumn('identity') id: number;
  @ForeignKey(() => Branch)
  @Column('integer')
  branchId: number;
  /** The staging that was split. */
  @ForeignKey(() => Staging)
  @Column('integer')
  stagingId: number;
}
