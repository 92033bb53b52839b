import {
  GraphQLError,
  Kind,
  OperationTypeNode,
  parse,
  type DocumentNode,
  type OperationDefinitionNode,
} from 'graphql';
import type { Actor, Reply } from '../http/call.ts';
import { isRecord } from '../http/call.ts';
import type { Sim } from '../sim.ts';

/** A GraphQL call understood: its names for logs and faults, and what carries it out. */
export interface Prepared {
  readonly operations: readonly string[];
  readonly run: () => Promise<Reply>;
}

/** Reads a GraphQL call; nothing happens before `run`. */
export function prepareGraphql(
  sim: Sim,
  actor: Actor,
  body: Readonly<Record<string, unknown>>,
): Prepared {
  const query = typeof body['query'] === 'string' ? body['query'] : '';
  const wanted = typeof body['operationName'] === 'string' ? body['operationName'] : undefined;
  if (!actor.user)
    return refusal({
      status: 401,
      body: {
        message: 'This endpoint requires you to be authenticated.',
        documentation_url: 'https://docs.github.com/graphql',
        status: '401',
      },
    });
  let document: DocumentNode;
  try {
    document = parse(query);
  } catch (error) {
    const message =
      error instanceof GraphQLError
        ? error.message
        : 'A query attribute must be specified and must be a string.';
    return refusal({ status: 200, body: { errors: [{ message }] } });
  }
  const operation = chosen(document, wanted);
  return {
    operations: operation ? namesOf(operation) : [],
    run: async () => {
      const { runQuery } = await import('./run.ts');
      const variables = isRecord(body['variables']) ? body['variables'] : {};
      const mutation = operation?.operation === OperationTypeNode.MUTATION;
      const state = mutation ? sim.state : sim.view();
      return runQuery({
        sim,
        state,
        actor,
        document,
        variables,
        operationName: operation?.name?.value,
      });
    },
  };
}

function refusal(reply: Reply): Prepared {
  return { operations: [], run: () => Promise.resolve(reply) };
}

function chosen(document: DocumentNode, name?: string): OperationDefinitionNode | undefined {
  const operations = document.definitions.filter((one) => one.kind === Kind.OPERATION_DEFINITION);
  return operations.find((one) => one.name?.value === name) ?? operations[0];
}

/** The operation's own name first, then its root fields. */
function namesOf(operation: OperationDefinitionNode): string[] {
  const fields = operation.selectionSet.selections.flatMap((one) =>
    one.kind === Kind.FIELD ? [one.name.value] : [],
  );
  return operation.name ? [operation.name.value, ...fields] : fields;
}
