/*
 * Route templates of HTTP triggers, as ASP.NET Core reads them: literals, `{name}`, `{name?}`, `{name:constraint}`,
 * `{*rest}`. A segment that mixes literal text with parameters is not understood here and drops the function.
 * Source: https://learn.microsoft.com/aspnet/core/fundamentals/routing#route-templates
 */

export interface Route {
  readonly template: string;
  /** Sorts as ASP.NET's precedence does: the route with the smaller text is tried first. */
  readonly precedence: string;
  /** The parameters when the path fits; absent optional parameters are missing. */
  match(path: string): Record<string, string> | undefined;
}

type Segment =
  | { readonly kind: 'literal'; readonly text: string }
  | {
      readonly kind: 'parameter' | 'rest';
      readonly name: string;
      readonly optional: boolean;
      readonly fits: readonly Constraint[];
    };

type Constraint = (value: string) => boolean;

/** Answers undefined when the template is not one. `prefix` is host.json's routePrefix. */
export function parseRoute(template: string, prefix: string): Route | undefined {
  const texts = `${prefix}/${template}`.split('/').filter((text) => text !== '');
  const segments = texts.map(parseSegment);
  if (!segments.every((segment) => segment !== undefined)) return undefined;
  if (segments.some((segment, index) => segment.kind === 'rest' && index < segments.length - 1)) return undefined;
  return {
    template: texts.join('/'),
    precedence: segments.map(precedenceOf).join(''),
    match: (path) => matchSegments(segments, path),
  };
}

/** The path of a request split into decoded segments. As in Kestrel an encoded slash stays encoded. */
function splitPath(path: string): string[] {
  return path
    .split('/')
    .filter((segment, index, all) => segment !== '' || (index > 0 && index < all.length - 1))
    .map(decodeSegment);
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment.replace(/%2f/gi, '%252F'));
  } catch {
    return segment;
  }
}

function matchSegments(segments: readonly Segment[], path: string): Record<string, string> | undefined {
  const values = splitPath(path);
  const parameters: Record<string, string> = {};
  let used = 0;
  for (const segment of segments) {
    if (segment.kind === 'literal') {
      if (values[used++]?.toLowerCase() !== segment.text) return undefined;
      continue;
    }
    const value = segment.kind === 'rest' ? values.slice(used).join('/') || undefined : values[used];
    used = segment.kind === 'rest' ? values.length : used + 1;
    if (value === undefined) {
      if (!segment.optional) return undefined;
      continue;
    }
    if (!segment.fits.every((fits) => fits(value))) return undefined;
    parameters[segment.name] = value;
  }
  return used >= values.length ? parameters : undefined;
}

function parseSegment(text: string): Segment | undefined {
  if (!/[{}]/.test(text)) return { kind: 'literal', text: text.toLowerCase() };
  const match = /^\{(\*{0,2})(\w+)((?::[^{}?]+)*)(\?)?\}$/.exec(text);
  if (!match) return undefined;
  const [, stars, name = '', constraints = '', question] = match;
  const fits = constraints.split(':').filter(Boolean).map(parseConstraint);
  if (!fits.every((constraint) => constraint !== undefined)) return undefined;
  return { kind: stars ? 'rest' : 'parameter', name, optional: Boolean(stars || question), fits };
}

function precedenceOf(segment: Segment): string {
  if (segment.kind === 'literal') return '1';
  const constrained = segment.fits.length > 0;
  if (segment.kind === 'parameter') return constrained ? '2' : '3';
  return constrained ? '4' : '5';
}

function parseConstraint(text: string): Constraint | undefined {
  const [, name = '', list] = /^(\w+)(?:\((.*)\))?$/.exec(text) ?? [];
  const numbers = (list ?? '').split(',').filter(Boolean).map(Number);
  if (numbers.some(Number.isNaN)) return undefined;
  const [first = 0, second = first] = numbers;
  return constraints[`${name.toLowerCase()}/${numbers.length}`]?.(first, second);
}

/** Keyed by name and number of arguments. */
const constraints: Readonly<Record<string, (first: number, second: number) => Constraint>> = {
  'int/0': () => (value) => /^-?\d+$/.test(value) && Math.abs(Number(value)) < 2 ** 31,
  'long/0': () => (value) => /^-?\d{1,19}$/.test(value),
  'bool/0': () => (value) => /^(true|false)$/i.test(value),
  'alpha/0': () => (value) => /^[a-z]*$/i.test(value),
  'guid/0': () => (value) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$|^[0-9a-f]{32}$/i.test(value),
  'minlength/1': (least) => (value) => value.length >= least,
  'maxlength/1': (most) => (value) => value.length <= most,
  'length/1': (exact) => (value) => value.length === exact,
  'length/2': (least, most) => (value) => value.length >= least && value.length <= most,
  'min/1': (least) => (value) => /^-?\d+$/.test(value) && Number(value) >= least,
  'max/1': (most) => (value) => /^-?\d+$/.test(value) && Number(value) <= most,
  'range/2': (least, most) => (value) => /^-?\d+$/.test(value) && Number(value) >= least && Number(value) <= most,
};
