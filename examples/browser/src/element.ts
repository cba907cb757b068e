/** The element of the page with an id. Throws when there is none of that kind: the page and its script do not fit together. */
export function element<E extends HTMLElement>(id: string, kind: abstract new () => E): E {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`page: expected a ${kind.name} with the id '${id}'.`);
  return found;
}

/** A new element with text in it, and classes. */
export function made<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  text = '',
  className = '',
): HTMLElementTagNameMap[K] {
  const created = document.createElement(tag);
  created.textContent = text;
  created.className = className;
  return created;
}

/** What a style sheet says of a custom property, such as a colour of the present scheme. */
export const styleOf = (property: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(property).trim();
