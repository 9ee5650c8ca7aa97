/** Light or dark: what the system says, or what was chosen here, which the browser keeps. */
export function followTheme(menu: HTMLSelectElement): void {
  const use = (theme: string): void => {
    document.documentElement.style.colorScheme = theme === "auto" ? "" : theme;
  };
  menu.value = stored() ?? "auto";
  use(menu.value);
  menu.addEventListener("change", () => {
    use(menu.value);
    try {
      localStorage.setItem(KEY, menu.value);
    } catch {
      // Then it is for this visit.
    }
  });
}

const KEY = "sentry-streams-k8s.theme";

function stored(): string | undefined {
  try {
    return ["light", "dark"].find((theme) => theme === localStorage.getItem(KEY));
  } catch {
    return undefined;
  }
}
