/** The application settings of one app. As in the real host a name is found whatever its casing. */
export class Settings {
  readonly #values: ReadonlyMap<string, string>;

  constructor(environment: Readonly<Record<string, string>>) {
    this.#values = new Map(Object.entries(environment).map(([name, value]) => [name.toLowerCase(), value]));
  }

  get(name: string): string | undefined {
    return this.#values.get(name.toLowerCase());
  }

  /** Replaces every `%Name%`; answers undefined when one of the settings is missing. */
  expand(text: string): string | undefined {
    let complete = true;
    const expanded = text.replace(/%([^%]+)%/g, (_, name: string) => {
      const value = this.get(name);
      if (value === undefined) complete = false;
      return value ?? '';
    });
    return complete ? expanded : undefined;
  }

  isDisabled(functionName: string): boolean {
    const value =
      this.get(`AzureWebJobs.${functionName}.Disabled`) ?? this.get(`AzureWebJobs__${functionName}__Disabled`);
    return value !== undefined && /^(true|1)$/i.test(value);
  }

  /** Whether a connection is configured, as one string or as a section (`Name__fullyQualifiedNamespace`). */
  hasConnection(name: string): boolean {
    if (this.get(name) || this.get(`AzureWebJobs${name}`)) return true;
    const section = `${name.toLowerCase()}__`;
    return [...this.#values.keys()].some((key) => key.startsWith(section));
  }
}
