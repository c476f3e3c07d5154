// The simulated target: slots with instances that start, get ready, die, restart and drain by
// themselves, behind the generation fence.

import type { EffectKey, EffectOutcome, SlotSpec } from "../../core/effect.ts";
import type { DurationMs, ReleaseId } from "../../core/ids.ts";
import { laneName, SLOTS, type LaneKey, type SlotName } from "../../core/lane.ts";
import type { InstanceState, SlotState, TargetState } from "../../core/snapshot.ts";
import type { Chance } from "../prng.ts";
import type { Timeline } from "../timeline.ts";
import type { QualityOf } from "./quality.ts";

export interface SimTarget {
  observe(lane: LaneKey): TargetState;
  apply(key: EffectKey, spec: SlotSpec): EffectOutcome;
  /** Kills up to this many instances that are up, of all lanes; the target restarts them by itself.
   * Returns how many died. */
  kill(most: number): number;
  ready(lane: LaneKey, slot: SlotName): number;
  /** The releases of the slot's ready instances, one entry an instance. */
  serving(lane: LaneKey, slot: SlotName): readonly ReleaseId[];
  /** Instances that count: neither draining nor stopping. */
  standing(lane: LaneKey, slot: SlotName): number;
}

interface Options {
  readonly time: Timeline;
  readonly chance: Chance;
  readonly qualityOf: QualityOf;
  /** Told after each change of what is ready. */
  readonly changed: (lane: LaneKey) => void;
  /** False: the planted bug `fence-removed`. */
  readonly fenced: boolean;
}

interface Instance {
  readonly id: string;
  readonly release: ReleaseId;
  phase: InstanceState["phase"];
  restarts: number;
}

interface Slot {
  wanted: { readonly release: ReleaseId; readonly instances: number }[];
  drainMs: DurationMs;
  instances: Instance[];
}

interface Place {
  readonly key: LaneKey;
  generation: number;
  readonly slots: Readonly<Record<SlotName, Slot>>;
}

const KILL_TAKES_MS = 200;
const FIRST_BACKOFF_MS = 500;
const LONGEST_BACKOFF_MS = 8_000;

export const simTarget = (options: Options): SimTarget => {
  const places = new Map<string, Place>();
  const lives = lifeOf(options);
  const placeOf = (key: LaneKey): Place => {
    const name = laneName(key);
    const known = places.get(name);
    if (known !== undefined) return known;
    const slots = { blue: emptySlot(), green: emptySlot() };
    const place = {
      key: { service: key.service, environment: key.environment },
      generation: 0,
      slots,
    };
    places.set(name, place);
    return place;
  };
  return {
    observe: (lane) => stateOf(placeOf(lane)),
    apply: (key, spec) => {
      const place = placeOf(key);
      if (options.fenced && key.generation < place.generation) {
        const why = `generation ${key.generation} is older than ${place.generation}`;
        return { kind: "refused", code: "stale-generation", why };
      }
      place.generation = options.fenced
        ? key.generation
        : Math.max(place.generation, key.generation);
      const slot = place.slots[spec.slot];
      slot.wanted = spec.cohorts.map((cohort) => ({
        release: cohort.release.id,
        instances: cohort.instances,
      }));
      slot.drainMs = spec.cohorts[0]?.runtime.stop.drainMs ?? slot.drainMs;
      lives.reconcile(place, slot);
      return { kind: "applied", detail: null };
    },
    kill: (most) => {
      const up = [...places.values()].flatMap((place) =>
        SLOTS.flatMap((name) =>
          place.slots[name].instances
            .filter((instance) => instance.phase === "ready" || instance.phase === "starting")
            .map((instance) => ({ place, slot: place.slots[name], instance })),
        ),
      );
      let died = 0;
      for (; died < most && up.length > 0; died += 1) {
        const [victim] = up.splice(options.chance.int(0, up.length - 1), 1);
        if (victim !== undefined) lives.die(victim.place, victim.slot, victim.instance);
      }
      return died;
    },
    ready: (lane, slot) => serving(placeOf(lane).slots[slot]).length,
    serving: (lane, slot) => serving(placeOf(lane).slots[slot]),
    standing: (lane, slot) => placeOf(lane).slots[slot].instances.filter(stands).length,
  };
};

const emptySlot = (): Slot => ({ wanted: [], drainMs: 0, instances: [] });

const stands = (instance: Instance): boolean =>
  instance.phase !== "draining" && instance.phase !== "stopping";

const serving = (slot: Slot): readonly ReleaseId[] =>
  slot.instances.filter((instance) => instance.phase === "ready").map(({ release }) => release);

const stateOf = (place: Place): TargetState => {
  const slot = (name: SlotName): SlotState => ({
    wanted: [...place.slots[name].wanted],
    instances: place.slots[name].instances.map((instance) => ({ ...instance })),
  });
  return { generation: place.generation, slots: { blue: slot("blue"), green: slot("green") } };
};

interface Life {
  reconcile(place: Place, slot: Slot): void;
  die(place: Place, slot: Slot, instance: Instance): void;
}

/** How instances come, live and go. */
const lifeOf = (options: Options): Life => {
  const { time, chance, qualityOf } = options;
  let born = 0;

  const start = (place: Place, slot: Slot, instance: Instance): void => {
    instance.phase = "starting";
    const { readyAfterMs, crashAfterMs } = qualityOf(instance.release);
    const life = instance.restarts;
    const still = (): boolean => instance.restarts === life && stands(instance);
    if (readyAfterMs !== null) {
      time.after(readyAfterMs + chance.int(0, 500), () => {
        if (!still() || instance.phase !== "starting") return;
        instance.phase = "ready";
        options.changed(place.key);
      });
    }
    if (crashAfterMs !== null) {
      time.after(crashAfterMs + chance.int(0, 500), () => {
        if (still()) die(place, slot, instance);
      });
    }
  };

  const die = (place: Place, slot: Slot, instance: Instance): void => {
    instance.phase = "backoff";
    instance.restarts += 1;
    const life = instance.restarts;
    options.changed(place.key);
    const backoffMs = Math.min(FIRST_BACKOFF_MS * 2 ** Math.min(life, 8), LONGEST_BACKOFF_MS);
    time.after(backoffMs, () => {
      if (instance.restarts === life && stands(instance)) start(place, slot, instance);
    });
  };

  const stop = (place: Place, slot: Slot, instance: Instance): void => {
    const drains = instance.phase === "ready";
    instance.phase = drains ? "draining" : "stopping";
    time.after(drains ? slot.drainMs : 0, () => {
      instance.phase = "stopping";
      time.after(KILL_TAKES_MS, () => {
        slot.instances = slot.instances.filter((other) => other !== instance);
        options.changed(place.key);
      });
    });
  };

  const reconcile = (place: Place, slot: Slot): void => {
    const wanted = new Map(slot.wanted.map(({ release, instances }) => [release, instances]));
    for (const release of new Set([...wanted.keys(), ...slot.instances.map((i) => i.release)])) {
      const have = slot.instances.filter((i) => i.release === release && stands(i));
      const want = wanted.get(release) ?? 0;
      const surplus = have
        .toSorted((a, b) => Number(a.phase === "ready") - Number(b.phase === "ready"))
        .slice(0, Math.max(0, have.length - want));
      for (const instance of surplus) stop(place, slot, instance);
      for (let missing = want - have.length; missing > 0; missing -= 1) {
        born += 1;
        const instance: Instance = { id: `i${born}`, release, phase: "starting", restarts: 0 };
        slot.instances.push(instance);
        start(place, slot, instance);
      }
    }
    options.changed(place.key);
  };
  return { reconcile, die };
};
