import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** A bearer token of the API, stored as SHA-256. Shown once, at creation. */
@Entity('api_token')
export class ApiToken {
  @PrimaryGeneratedColumn('identity') id: number;
  @Column('text') name: string;
  @Column('text', { unique: true }) hash: string;
  @Column('timestamptz') createdAt: Date;
  @Column('timestamptz', { nullable: true }) revokedAt: Date | null;
}
