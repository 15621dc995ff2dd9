type HookCallback = (context: object) => unknown;

const names = ['appStart', 'appTerminate', 'preInvocation', 'postInvocation', 'log'] as const;
type HookName = (typeof names)[number];

/** The hooks that an app registers with `app.hook`, and the data that they share. */
export class Hooks {
  readonly #callbacks = new Map<HookName, HookCallback[]>(names.map((name) => [name, []]));
  readonly #appHookData = {};
  readonly #appLevelHookData = {};

  /** Answers the function that takes the hook off again; throws a RangeError for a name that no worker knows. */
  add(name: string, callback: HookCallback): () => void {
    const callbacks = this.#callbacks.get(name as HookName);
    if (!callbacks) throw new RangeError(`Unrecognized hook "${name}"`);
    callbacks.push(callback);
    return () => {
      const index = callbacks.indexOf(callback);
      if (index >= 0) callbacks.splice(index, 1);
    };
  }

  /** Runs the invocation hooks one after another; what they change in `context` is the caller's to read. */
  async run(name: 'preInvocation' | 'postInvocation', hookData: object, context: object): Promise<void> {
    Object.assign(context, { hookData, appHookData: this.#appHookData });
    for (const callback of this.#of(name)) await callback(context);
  }

  async runForApp(name: 'appStart' | 'appTerminate', context: object): Promise<void> {
    const whole = { ...context, hookData: this.#appLevelHookData, appHookData: this.#appHookData };
    for (const callback of this.#of(name)) await callback(whole);
  }

  runLog(line: object): void {
    const context = { ...line, hookData: this.#appLevelHookData, appHookData: this.#appHookData };
    for (const callback of this.#of('log')) callback(context);
  }

  #of(name: HookName): HookCallback[] {
    return this.#callbacks.get(name) ?? [];
  }
}
