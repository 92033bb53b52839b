import type { RequestEntry } from '../sim.ts';
import { takeFault, type FaultEffect } from './faults.ts';
import type { Exchange } from './exchange.ts';
import { send } from './send.ts';

/** The fault on order for this call, counted off; null when there is none. */
export function faultFor(
  exchange: Exchange,
  log: RequestEntry,
  operations: readonly string[],
): FaultEffect | null {
  return takeFault(exchange.sim.switches.faults, {
    method: log.method,
    path: log.path,
    operations,
    actor: log.actor,
  });
}

/** Whether the fault answers in place of the simulator. */
export function isFailure(fault: FaultEffect): boolean {
  return fault.status !== undefined || fault.reset === true;
}

/** Waits as long as the fault says. */
export async function delay(fault: FaultEffect): Promise<void> {
  const ms = fault.delay_ms;
  if (ms !== undefined) await new Promise((resolve) => setTimeout(resolve, ms));
}

/** Answers with the fault, or cuts the connection. */
export function fail(exchange: Exchange, log: RequestEntry, fault: FaultEffect): void {
  if (fault.reset) {
    exchange.request.socket.destroy();
    return;
  }
  log.status = fault.status ?? 500;
  const body = fault.body ?? { message: 'Server Error' };
  send(exchange.response, { status: log.status, body, headers: fault.headers ?? {} }, {});
}
