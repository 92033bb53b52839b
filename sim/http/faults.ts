/** A disturbance ordered through the control interface. */
export interface Fault {
  readonly match: {
    readonly method?: string | undefined;
    /** Regular expression, searched in the path (with its query). */
    readonly path?: string | undefined;
    readonly operation?: string | undefined;
    readonly actor?: string | undefined;
  };
  readonly effect: FaultEffect;
  /** Calls it will still hit. */
  times: number;
}

/** What happens to the call. Without status and reset it is only delayed. */
export interface FaultEffect {
  readonly status?: number | undefined;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly delay_ms?: number | undefined;
  /** The connection is cut. */
  readonly reset?: boolean | undefined;
  /** The call is carried out first, then its answer fails. */
  readonly after_effect?: boolean | undefined;
}

/** What a fault is matched with; a GraphQL call has several operation names (its own, its root fields). */
export interface FaultSubject {
  readonly method: string;
  readonly path: string;
  readonly operations: readonly string[];
  readonly actor: string | null;
}

/** The effect of the first fault that fits, counted down. */
export function takeFault(faults: Fault[], subject: FaultSubject): FaultEffect | null {
  const index = faults.findIndex((one) => one.times > 0 && fits(one, subject));
  const fault = faults[index];
  if (!fault) return null;
  fault.times -= 1;
  if (fault.times <= 0) faults.splice(index, 1);
  return fault.effect;
}

function fits(fault: Fault, subject: FaultSubject): boolean {
  const { method, path, operation, actor } = fault.match;
  if (method !== undefined && method.toUpperCase() !== subject.method) return false;
  if (path !== undefined && !new RegExp(path).test(subject.path)) return false;
  if (operation !== undefined && !subject.operations.includes(operation)) return false;
  return actor === undefined || actor.toLowerCase() === subject.actor?.toLowerCase();
}
