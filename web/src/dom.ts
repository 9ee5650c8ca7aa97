/** Makes elements. Text is always text: nothing here reads markup. */

type Child = Node | string | undefined | false;

/** An element with attributes (`true`: there without a value; undefined and false: not there) and what is in it. */
export function element<T extends keyof HTMLElementTagNameMap>(
  tag: T,
  attributes: Record<string, string | boolean | undefined>,
  ...children: Child[]
): HTMLElementTagNameMap[T] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) {
      made.setAttribute(name, value === true ? "" : value);
    }
  }
  made.append(...children.filter((child) => child !== undefined && child !== false));
  return made;
}

/** A button that does something. */
export function button(label: string, name: string, act: () => void): HTMLButtonElement {
  const made = element("button", { type: "button", class: name }, label);
  made.addEventListener("click", act);
  return made;
}

/** The element with an id, which the page has. */
export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  return document.getElementById(id) as T;
}
