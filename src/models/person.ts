import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** Somebody with a GitHub account. Identity is the numeric id; the login is for display (R32). */
@Entity('person')
export class Person {
  @PrimaryGeneratedColumn('identity') id: number;
  /** Null until GitHub was asked who owns the login of the configuration file. */
  @Column('bigint', { nullable: true, unique: true }) githubId: string | null;
  @Column('text') login: string;
  @Column('text', { nullable: true }) name: string | null;
  @Column('text', { nullable: true }) email: string | null;
  /** By which outstanding ports are filtered (forwardport spec 20). */
  @Column('text', { nullable: true }) team: string | null;
}
