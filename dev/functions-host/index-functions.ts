import { type Ncrontab, parseNcrontab } from './ncrontab.ts';
import { parseRoute, type Route } from './route.ts';
import type { Binding, FunctionMetadata } from './rpc.ts';
import type { Settings } from './settings.ts';

export type AuthLevel = 'anonymous' | 'function' | 'admin';

export interface HttpFunction {
  readonly trigger: 'http';
  readonly name: string;
  readonly bindingName: string;
  readonly route: Route;
  /** Upper case. */
  readonly methods: readonly string[];
  readonly authLevel: AuthLevel;
}

export interface TimerFunction {
  readonly trigger: 'timer';
  readonly name: string;
  readonly bindingName: string;
  readonly schedule: Ncrontab;
  readonly useMonitor: boolean;
  readonly runOnStartup: boolean;
}

export interface ServiceBusFunction {
  readonly trigger: 'serviceBus';
  readonly name: string;
  readonly bindingName: string;
  readonly queue: string;
  /** The name of the setting, or of the section of settings, that holds the connection. */
  readonly connection: string;
  readonly sessions: boolean;
  /** Overrides host.json where the trigger says so. */
  readonly autoCompleteMessages: boolean | undefined;
}

export type IndexedFunction = HttpFunction | TimerFunction | ServiceBusFunction;

export interface FunctionIndex {
  readonly functions: readonly IndexedFunction[];
  /** Functions that the host leaves out, each with the reason; the others run. */
  readonly dropped: readonly { readonly name: string; readonly problem: string }[];
}

/** Turns what an app registered into functions that can run. Disabled functions are left out without a problem. */
export function indexFunctions(
  registered: readonly FunctionMetadata[],
  settings: Settings,
  routePrefix: string,
): FunctionIndex {
  const functions: IndexedFunction[] = [];
  const dropped: { name: string; problem: string }[] = [];
  for (const metadata of registered) {
    if (settings.isDisabled(metadata.name)) continue;
    const indexed = indexFunction(metadata, settings, routePrefix);
    const problem = typeof indexed === 'string' ? indexed : conflictOf(indexed, functions);
    if (problem !== undefined) dropped.push({ name: metadata.name, problem });
    else functions.push(indexed as IndexedFunction);
  }
  return { functions, dropped };
}

function indexFunction(metadata: FunctionMetadata, settings: Settings, prefix: string): IndexedFunction | string {
  const { name } = metadata;
  if (!/^[a-z][a-z0-9_-]{0,127}$/i.test(name)) return `'${name}' is not a valid function name.`;
  const bindings = Object.values(metadata.bindings);
  const trigger = bindings.find(({ type }) => /trigger$/i.test(type));
  if (!trigger) return 'No trigger binding specified.';
  const other = bindings.find((binding) => binding !== trigger && binding.type.toLowerCase() !== 'http');
  if (other) return `The binding type '${other.type}' is not known to the local host.`;

  const expanded = expandSettings(trigger, settings);
  if (typeof expanded === 'string') return expanded;
  switch (trigger.type.toLowerCase()) {
    case 'httptrigger':
      return indexHttp(name, expanded, prefix);
    case 'timertrigger':
      return indexTimer(name, expanded);
    case 'servicebustrigger':
      return indexServiceBus(name, expanded);
    default:
      return `The binding type '${trigger.type}' is not known to the local host.`;
  }
}

function expandSettings(trigger: Binding, settings: Settings): Binding | string {
  const expanded: Record<string, unknown> = { ...trigger };
  for (const [property, value] of Object.entries(trigger)) {
    if (typeof value !== 'string') continue;
    const text = settings.expand(value);
    if (text === undefined) return `'${value}' names a setting that does not exist.`;
    expanded[property] = text;
  }
  return expanded as Binding;
}

function indexHttp(name: string, trigger: Binding, prefix: string): HttpFunction | string {
  const template = String(trigger['route'] || name);
  const first = template
    .split('/')
    .find((segment) => segment !== '')
    ?.toLowerCase();
  if (first === 'admin' || first === 'runtime') {
    return 'The specified route conflicts with one or more built in routes.';
  }
  const route = parseRoute(template, prefix);
  if (!route) return `The route template '${template}' is not valid.`;
  const authLevel = String(trigger['authLevel'] ?? 'function').toLowerCase();
  if (!isAuthLevel(authLevel)) return `'${authLevel}' is not an authorization level.`;
  const methods = (trigger['methods'] as string[] | undefined) ?? ['GET', 'POST'];
  return {
    trigger: 'http',
    name,
    bindingName: bindingNameOf(trigger),
    route,
    methods: methods.map((method) => method.toUpperCase()),
    authLevel,
  };
}

function isAuthLevel(text: string): text is AuthLevel {
  return text === 'anonymous' || text === 'function' || text === 'admin';
}

function indexTimer(name: string, trigger: Binding): TimerFunction | string {
  const schedule = parseNcrontab(String(trigger['schedule'] ?? ''));
  if (!schedule)
    return `The schedule expression '${trigger['schedule']}' was not recognized as a valid cron expression.`;
  return {
    trigger: 'timer',
    name,
    bindingName: bindingNameOf(trigger),
    schedule,
    useMonitor: trigger['useMonitor'] !== false,
    runOnStartup: trigger['runOnStartup'] === true,
  };
}

function indexServiceBus(name: string, trigger: Binding): ServiceBusFunction | string {
  const queue = trigger['queueName'];
  if (typeof queue !== 'string' || queue === '') return 'The local host listens to Service Bus queues only.';
  if (String(trigger['cardinality'] ?? 'one').toLowerCase() !== 'one') {
    return 'The local host knows the cardinality one only.';
  }
  return {
    trigger: 'serviceBus',
    name,
    bindingName: bindingNameOf(trigger),
    queue,
    connection: String(trigger['connection'] || 'AzureWebJobsServiceBus'),
    sessions: trigger['isSessionsEnabled'] === true,
    autoCompleteMessages: trigger['autoCompleteMessages'] as boolean | undefined,
  };
}

function bindingNameOf(trigger: Binding): string {
  return trigger.name ?? 'trigger';
}

function conflictOf(candidate: IndexedFunction, before: readonly IndexedFunction[]): string | undefined {
  if (candidate.trigger !== 'http') return undefined;
  const rival = before.find((other) => other.trigger === 'http' && routesConflict(other, candidate));
  return rival && `The route specified conflicts with the route defined by function '${rival.name}'.`;
}

/** Whether two functions claim the same route for the same method. */
export function routesConflict(one: HttpFunction, other: HttpFunction): boolean {
  return (
    one.route.template.toLowerCase() === other.route.template.toLowerCase() &&
    one.methods.some((method) => other.methods.includes(method))
  );
}
