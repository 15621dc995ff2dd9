/** Text that may stand in a page as it is. Only {@link html} makes it, so that nothing gets into a page unescaped. */
export class Html {
  readonly #text: string;

  private constructor(text: string) {
    this.#text = text;
  }

  /** The caller vouches for the text: it is a file of this program. */
  static trusted(text: string): Html {
    return new Html(text);
  }

  toString(): string {
    return this.#text;
  }
}

type Part = string | number | Html | readonly Html[];

/** A piece of a page; what is put in is escaped, unless it is a piece itself. Attribute values must be in double quotes. */
export const html = (texts: TemplateStringsArray, ...parts: readonly Part[]): Html =>
  Html.trusted(String.raw({ raw: texts }, ...parts.map(asHtml)));

function asHtml(part: Part): string {
  if (typeof part === 'object') return part instanceof Html ? part.toString() : part.join('');
  return String(part).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** JSON inside a script element: it must not hold anything that ends the element. */
export const jsonInPage = (value: unknown): string => JSON.stringify(value).replaceAll('<', '\\u003c');
