/** The panes as tabs: the arrow keys move among them, and Tab goes into the pane. */
import { byId } from "./dom.js";
import { move } from "./results.js";

export type Pane = "manifests" | "difference" | "problems";

const PANES: Pane[] = ["manifests", "difference", "problems"];

export class Tabs {
  #shown: Pane = "manifests";

  /** @param changed - is told when another pane is shown */
  constructor(readonly changed: (pane: Pane) => void) {
    const tabs = PANES.map((pane) => this.tab(pane));
    for (const pane of PANES) {
      this.tab(pane).addEventListener("click", () => {
        this.show(pane);
      });
      this.tab(pane).addEventListener("keydown", (event) => {
        move(event, tabs)?.click();
      });
    }
  }

  get shown(): Pane {
    return this.#shown;
  }

  tab(pane: Pane): HTMLButtonElement {
    return byId<HTMLButtonElement>(`${pane}-tab`);
  }

  show(pane: Pane): void {
    this.#shown = pane;
    for (const other of PANES) {
      const isShown = other === pane;
      this.tab(other).setAttribute("aria-selected", String(isShown));
      this.tab(other).tabIndex = isShown ? 0 : -1;
      byId(`${other}-pane`).hidden = !isShown;
    }
    this.changed(pane);
  }
}
