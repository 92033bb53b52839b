import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** Somebody who is logged in to the pages. Deleting the row ends the login, wherever its cookie is. */
@Entity('web_session')
export class WebSession {
  /** HMAC of the cookie's value: who reads this table cannot log in with it. */
  @PrimaryColumn('text') hash: string;
  /** Numeric id at GitHub: the identity (R32). */
  @Index()
  @Column('bigint')
  githubId: string;
  @Column('text') login: string;
  @Column('timestamptz') createdAt: Date;
  /** The last request, to the minute. */
  @Column('timestamptz') usedAt: Date;
}
