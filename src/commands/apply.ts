import type { Command } from '../rules/commands.ts';
import { setLimitOf, setPolicyOf, ignorePorts, closePort, remindAt } from './ports.ts';
import { cancelForBatch, resetBranch, setPriority, skipChecks } from './queue.ts';
import { approve, reject, retry } from './review.ts';
import { checkAgain, delegate, overrideContexts, setMergeMethod, tellInfo } from './pull.ts';
import type { Answer, CommandContext } from './context.ts';

/** Carries out one command. The switch is whole: a new command does not compile without a line here. */
export function applyCommand(context: CommandContext, command: Command): Promise<Answer> {
  switch (command.kind) {
    case 'approve':
      return approve(context, command);
    case 'reject':
      return reject(context);
    case 'retry':
      return retry(context);
    case 'merge-method':
      return setMergeMethod(context, command.method);
    case 'check':
      return checkAgain(context);
    case 'info':
      return tellInfo(context);
    case 'delegate':
      return delegate(context, command.logins);
    case 'override':
      return overrideContexts(context, command.contexts);
    case 'priority':
      return setPriority(context, command.priority);
    case 'cancel-staging':
      return cancelForBatch(context);
    case 'skipchecks':
      return skipChecks(context);
    case 'reset':
      return resetBranch(context, command.scope);
    case 'fw':
      return setPolicyOf(context, command.policy);
    case 'limit':
      return setLimitOf(context, command.branch);
    case 'ignore':
      return ignorePorts(context);
    case 'close':
      return closePort(context);
    case 'remindme':
      return remindAt(context, command);
    case 'help':
      return Promise.resolve({}); // answered before anything is carried out
  }
}
