/**
 * What each end of the hop has seen, as a running hash: two runs look the same to a node if it saw the same things at
 * the same times. A node sees which attempt an answer answers, not which copy the network made; the receiver sees
 * neither.
 */
import { Clock } from '../core/clock.ts';
import { PLACE, type About, type Listener } from '../core/fact.ts';
import { Hash64 } from '../core/hash64.ts';
import { ordinalOf } from '../core/packet-name.ts';

export class Histories implements Listener {
  readonly sender = new Hash64();
  readonly receiver = new Hash64();
  private clock = new Clock();
  private rowCount = 0;

  follow(clock: Clock): void {
    this.clock = clock;
  }

  tell(kind: number, { id }: About, place: number, detail: number, packet: number): number {
    if (place === PLACE.sender) {
      add(this.sender, this.clock.nowUs, kind, id, detail);
      this.sender.add(ordinalOf(packet));
    } else if (place === PLACE.receiver || place === PLACE.store || place === PLACE.sink) {
      add(this.receiver, this.clock.nowUs, kind, id, detail);
    }
    return this.rowCount++;
  }

  conclude(): void {
    // An outcome is the observer's knowledge, not a node's.
  }

  clear(): void {
    this.sender.reset();
    this.receiver.reset();
  }
}

function add(hash: Hash64, nowUs: number, kind: number, message: number, detail: number): void {
  hash.addDouble(nowUs);
  hash.add(kind);
  hash.add(message);
  hash.add(detail);
}
