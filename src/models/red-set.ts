import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { Branch } from './branch.ts';
import { Staging } from './staging.ts';

/** A set of changes that CI found red on a base: it is never tested twice (R20). */
@Entity('red_set')
export class RedSet {
  @ForeignKey(() => Branch)
  @PrimaryColumn('integer')
  branchId: number;
  /** Digest of the contents and the bases; see `redSetKey`. */
  @PrimaryColumn('text') key: string;
  /** The staging that showed it. */
  @ForeignKey(() => Staging)
  @Column('integer')
  stagingId: number;
  @Column('timestamptz') at: Date;
}
