import { randomBytes } from 'node:crypto';
import Module from 'node:module';
import type { Binding, FunctionMetadata, Invocation, InvocationResponse, WorkerLog } from '../rpc.ts';
import { Hooks } from './hooks.ts';

type Callback = (...inputs: unknown[]) => unknown;

/** What @azure/functions sets with `setProgrammingModel`; only what an invocation needs of it. */
interface ProgrammingModel {
  getInvocationModel(context: object): InvocationModel;
  getCapabilities(offered: Record<string, string>): Promise<Record<string, string>>;
}

interface InvocationModel {
  getArguments(): Promise<{ context: object; inputs: unknown[] }>;
  invokeFunction(context: object, inputs: unknown[], callback: Callback): Promise<unknown>;
  getResponse(context: object, result: unknown): Promise<InvocationResponse>;
}

interface Registration {
  readonly metadata: FunctionMetadata;
  readonly callback: Callback;
}

/** Capabilities that the real worker offers the library, as strings, by its own names. */
const capabilities = {
  RawHttpBodyBytes: 'true',
  RpcHttpTriggerMetadataRemoved: 'true',
  RpcHttpBodyOnly: 'true',
  IgnoreEmptyValuedRpcHttpHeaders: 'true',
  UseNullableValueDictionaryForHttp: 'true',
  WorkerStatus: 'true',
  TypedDataCollection: 'true',
  HandlesWorkerTerminateMessage: 'true',
};

/**
 * The module `@azure/functions-core`. In Azure the Node worker provides it; @azure/functions asks for it with
 * `require` and does everything else of an invocation (arguments, context, converters) itself.
 */
export class FunctionsCore {
  readonly #registrations = new Map<string, Registration>();
  readonly #hooks = new Hooks();
  readonly #log: (line: WorkerLog) => void;
  #model: ProgrammingModel | undefined;
  #started = false;

  constructor(log: (line: WorkerLog) => void) {
    this.#log = log;
  }

  get functions(): FunctionMetadata[] {
    return [...this.#registrations.values()].map(({ metadata }) => metadata);
  }

  /** Answers every `require('@azure/functions-core')` of this process from now on. */
  install(): void {
    const core = this.#api();
    const realRequire = Module.prototype.require;
    Module.prototype.require = Object.assign(function (this: Module, id: string): unknown {
      return id === '@azure/functions-core' ? core : realRequire.call(this, id);
    }, realRequire);
  }

  /** Runs the appStart hooks and closes registration; answers the capabilities that the library and the app chose. */
  async start(functionAppDirectory: string): Promise<Record<string, string>> {
    await this.#hooks.runForApp('appStart', { functionAppDirectory });
    this.#started = true;
    return (await this.#model?.getCapabilities({ ...capabilities })) ?? {};
  }

  async terminate(): Promise<void> {
    await this.#hooks.runForApp('appTerminate', {});
  }

  /** Runs one invocation as the real worker does, hooks included; rejects with what the function threw. */
  async invoke(invocation: Invocation): Promise<InvocationResponse> {
    const registration = this.#registrations.get(invocation.functionName);
    if (!registration || !this.#model) throw new Error(`Worker was unable to load function ${invocation.functionName}`);

    const coreContext = this.#coreContext(registration.metadata, invocation);
    const model = this.#model.getInvocationModel(coreContext);
    const { context: invocationContext, inputs } = await model.getArguments();
    const hookData = {};

    coreContext.state = 'preInvocationHooks';
    const before = { invocationContext, inputs, functionCallback: registration.callback };
    await this.#hooks.run('preInvocation', hookData, before);

    coreContext.state = 'invocation';
    const after: { result: unknown; error: unknown } = { result: null, error: null };
    try {
      after.result = await model.invokeFunction(invocationContext, before.inputs, before.functionCallback);
    } catch (error) {
      after.error = error ?? new Error(`The function threw ${error}.`);
    }

    coreContext.state = 'postInvocationHooks';
    const seen = { invocationContext, inputs: before.inputs, ...after };
    await this.#hooks.run('postInvocation', hookData, seen);
    coreContext.state = undefined;
    if (seen.error !== null && seen.error !== undefined) throw seen.error;
    return model.getResponse(invocationContext, seen.result);
  }

  #coreContext(metadata: FunctionMetadata, invocation: Invocation) {
    const traceParent = `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-00`;
    return {
      invocationId: invocation.id,
      metadata: { ...metadata, functionId: metadata.name },
      state: undefined as string | undefined,
      request: {
        invocationId: invocation.id,
        functionId: metadata.name,
        inputData: invocation.inputData,
        triggerMetadata: invocation.triggerMetadata,
        traceContext: { traceParent, traceState: '', attributes: {} },
      },
      log: (level: WorkerLog['level'], category: WorkerLog['category'], message: string) =>
        this.#write({ level, category, message, functionName: metadata.name, invocationId: invocation.id }),
    };
  }

  #api() {
    return {
      version: '3.12.0',
      hostVersion: '4.1037.0',
      Disposable,
      registerHook: (name: string, callback: (context: object) => unknown) => {
        const unregister = this.#hooks.add(name, callback);
        return new Disposable(unregister);
      },
      setProgrammingModel: (model: ProgrammingModel) => {
        this.#model = model;
      },
      getProgrammingModel: () => this.#model,
      registerFunction: (metadata: FunctionMetadata, callback: Callback) => this.#register(metadata, callback),
      log: (level: WorkerLog['level'], category: WorkerLog['category'], message: string) =>
        this.#write({ level, category, message }),
    };
  }

  #register(metadata: FunctionMetadata, callback: Callback): Disposable {
    const { name } = metadata;
    if (this.#started) throw new Error('A function can only be registered during app startup.');
    if (this.#registrations.has(name)) throw new Error(`A function with id "${name}" has already been registered.`);
    // Only JSON reaches the real host, so a binding may hold anything else without being seen.
    const bindings = JSON.parse(JSON.stringify(metadata.bindings)) as Record<string, Binding>;
    this.#registrations.set(name, { metadata: { name, bindings }, callback });
    return new Disposable(() => this.#registrations.delete(name));
  }

  #write(line: Omit<WorkerLog, 'type'>): void {
    this.#hooks.runLog(line);
    this.#log({ type: 'log', ...line });
  }
}

class Disposable {
  #dispose: (() => unknown) | undefined;

  constructor(dispose: () => unknown) {
    this.#dispose = dispose;
  }

  static from(...disposables: { dispose(): unknown }[]): Disposable {
    return new Disposable(() => {
      for (const disposable of disposables) disposable.dispose();
    });
  }

  dispose(): void {
    this.#dispose?.();
    this.#dispose = undefined;
  }
}
