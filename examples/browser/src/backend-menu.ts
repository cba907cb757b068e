import { type BackendName, backendNames, backends } from './backends.js';
import { made } from './element.js';
import { type Place, RemoteTrainer } from './remote-trainer.js';

/** What is known of whether a backend runs here. */
export type Availability =
  | { readonly kind: 'checking' }
  | { readonly kind: 'ready'; readonly place: Place; readonly description: string }
  | { readonly kind: 'unavailable'; readonly reason: string };

const badges = { checking: 'checking', ready: 'ready', unavailable: 'not here' };

/** How the page says where a trainer runs. */
export const placeNames: Readonly<Record<Place, string>> = { worker: 'in a worker', page: 'on the page’s thread' };

/** The menu of backends; one that does not run here cannot be chosen, and says why. */
export class BackendMenu {
  /** Hears when the availability of a backend becomes known. */
  onChange: () => void = () => undefined;
  readonly #entries: ReadonlyMap<BackendName, Entry>;

  constructor(host: HTMLElement) {
    this.#entries = new Map(backendNames.map((name, i) => [name, new Entry(name, i === 0)]));
    host.append(...Array.from(this.#entries.values(), ({ label }) => label));
  }

  /** The backend chosen. */
  get chosen(): BackendName {
    return backendNames.find((name) => this.#entries.get(name)?.input.checked) ?? backendNames[0];
  }

  /** The backends known to run here. */
  get ready(): BackendName[] {
    return backendNames.filter((name) => this.availability(name).kind === 'ready');
  }

  /** Whether that is still being found out of some. */
  get checking(): boolean {
    return backendNames.some((name) => this.availability(name).kind === 'checking');
  }

  availability(name: BackendName): Availability {
    return this.#entries.get(name)?.availability ?? { kind: 'checking' };
  }

  /** Finds out which backends run here: opens them, one after the other. */
  async check(): Promise<void> {
    for (const name of backendNames) {
      this.#set(name, await availabilityOf(name));
    }
  }

  #set(name: BackendName, availability: Availability): void {
    this.#entries.get(name)?.set(availability);
    this.onChange();
  }
}

async function availabilityOf(name: BackendName): Promise<Availability> {
  try {
    const { trainer, description } = await RemoteTrainer.open(name);
    trainer.end();
    return { kind: 'ready', place: trainer.place, description };
  } catch (error) {
    return { kind: 'unavailable', reason: error instanceof Error ? error.message : String(error) };
  }
}

class Entry {
  readonly label = made('label');
  readonly input = made('input');
  availability: Availability = { kind: 'checking' };
  readonly #badge = made('span', '', 'badge');
  readonly #about = made('small');

  constructor(name: BackendName, checked: boolean) {
    Object.assign(this.input, { type: 'radio', name: 'backend', value: name, checked });
    const title = made('b');
    title.append(made('span', backends[name].label), this.#badge);
    this.label.append(this.input, title, this.#about);
    this.#about.textContent = backends[name].about;
    this.set(this.availability);
  }

  set(availability: Availability): void {
    this.availability = availability;
    const { kind } = availability;
    this.label.className = kind;
    this.#badge.className = `badge ${kind}`;
    this.#badge.textContent = badges[kind];
    this.input.disabled = kind === 'unavailable';
    if (kind === 'ready') this.#about.textContent = `${availability.description}, ${placeNames[availability.place]}`;
    if (kind === 'unavailable') this.#about.textContent = availability.reason;
  }
}
