import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** Who changed what, when and why. Written in the transaction of the change; rows are never changed (a trigger refuses). */
@Entity('audit')
export class Audit {
  @PrimaryGeneratedColumn('identity') id: number;
  @Column('timestamptz') at: Date;
  @Column('text') actor: string;
  /** `comment`, `api`, `page`, `cli`, `config` or `cron`. */
  @Column('text') via: string;
  @Column('text') action: string;
  @Column('text') object: string;
  @Column('jsonb', { nullable: true }) before: unknown;
  @Column('jsonb', { nullable: true }) after: unknown;
  @Column('text', { nullable: true }) reason: string | null;
}
