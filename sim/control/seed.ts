import { z } from 'zod';
import { addToken, createAccount } from '../acts/accounts.ts';
import { createRepository } from '../acts/repositories.ts';
import { Refused } from '../errors.ts';
import type { Sim } from '../sim.ts';
import { asPermission } from '../state/permissions.ts';
import { nextId, stamp, userByLogin } from '../state/state.ts';
import type { User } from '../state/types.ts';
import { importRepository } from './import.ts';

const Seed = z.strictObject({
  users: z
    .array(
      z.strictObject({
        login: z.string(),
        name: z.string().optional(),
        email: z.string().optional(),
        token: z.string().optional(),
        type: z.enum(['User', 'Bot', 'Organization']).optional(),
      }),
    )
    .default([]),
  repositories: z
    .array(
      z.strictObject({
        name: z.string(),
        import: z.string().optional(),
        private: z.boolean().optional(),
        collaborators: z.record(z.string(), z.string()).default({}),
        hooks: z
          .array(
            z.strictObject({
              url: z.string(),
              secret: z.string().optional(),
              events: z.array(z.string()).default(['*']),
            }),
          )
          .default([]),
      }),
    )
    .default([]),
});

/**
 * Builds the world a seed file describes.
 *
 * @throws ZodError for what is no seed, Refused for names that are taken or missing.
 */
export async function plantSeed(sim: Sim, content: unknown): Promise<void> {
  const seed = Seed.parse(content);
  for (const one of seed.users) addToken(sim, createAccount(sim, one), one.token);
  for (const one of seed.repositories) {
    const [login = '', name = ''] = one.name.split('/');
    const owner = need(sim, login);
    const repository =
      one.import === undefined
        ? createRepository(sim, { name, owner, by: owner, private: one.private })
        : await importRepository(sim, { dir: one.import, name: one.name });
    for (const [who, permission] of Object.entries(one.collaborators))
      repository.collaborators.set(need(sim, who).id, asPermission(permission) ?? 'read');
    for (const hook of one.hooks) {
      const id = nextId(sim.state);
      sim.state.hooks.set(id, {
        id,
        owner: { kind: 'repository', id: repository.id },
        events: hook.events,
        active: true,
        url: hook.url,
        contentType: 'json',
        secret: hook.secret ?? null,
        insecureSsl: '0',
        createdAt: stamp(),
        updatedAt: stamp(),
        lastCode: null,
      });
    }
  }
}

function need(sim: Sim, login: string): User {
  const user = userByLogin(sim.state, login);
  if (!user) throw new Refused(422, `the seed has no user ${login}`);
  return user;
}
