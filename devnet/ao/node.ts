import {
  type DevnetNode,
  jsonReply,
  type NodeReply,
  type NodeRequest,
  type Twist,
  textReply,
} from '../node.ts'
import type { Simulation, SimulationOptions } from '../simulation.ts'
import { AoScenario } from './scenario.ts'

/** A simulated HyperBEAM node: slots, the schedule and the state of one process, whatever its id. */
class AoNode implements DevnetNode {
  readonly origin = 'simulated'
  readonly #scenario: AoScenario

  constructor(scenario: AoScenario) {
    this.#scenario = scenario
  }

  answer({ path, query }: NodeRequest, twist: Twist): NodeReply {
    const asked = /^\/[\w-]+~process@1\.0\/(.+)$/.exec(path)?.[1] ?? ''
    const head = twist.head(this.#scenario.head)
    if (asked === 'slot/current') return textReply(String(head))
    if (asked === 'schedule')
      return this.#schedule(Number(query.get('from')), Number(query.get('to')), head, twist)
    const [, slot = '', key] = /^compute&slot=(\d+)\/([\w-]+)$/.exec(asked) ?? []
    const held = this.#scenario.holds(Number(slot)) && Number(slot) <= head && !twist.hides(Number(slot))
    return (key === 'minted' || key === 'total-supply') && held
      ? textReply(String(this.#scenario.mintedAt(Number(slot))))
      : textReply('Not Found', 404)
  }

  #schedule(from: number, to: number, head: number, twist: Twist): NodeReply {
    const slots = Array.from({ length: Math.min(100, Math.max(0, to - from + 1)) }, (_, i) => from + i)
    const edges = slots
      .filter((slot) => this.#scenario.holds(slot) && slot <= head && !twist.hides(slot))
      .map((slot) => ({
        cursor: String(slot),
        node: {
          message: { Id: this.#scenario.messageOf(slot), Tags: [] },
          assignment: {
            Tags: [
              { name: 'Nonce', value: String(slot) },
              { name: 'Timestamp', value: String(this.#scenario.millisecondsOf(slot)) },
            ],
          },
        },
      }))
    return jsonReply({ page_info: { has_next_page: false }, edges })
  }
}

/** The simulated AO, with its scenario for tests that compare with it. */
export interface AoSimulation extends Simulation {
  readonly scenario: AoScenario
}

const secondsPerDay = 86_400

/** A simulated HyperBEAM node under `/ao`. The published plan beside it needs no node, and starts on the same day. */
export function simulateAo(options: SimulationOptions): AoSimulation {
  const scenario = new AoScenario(options)
  return {
    scenario,
    chains: [
      { chain: 'ao', first: scenario.first },
      { chain: 'schedule', first: Math.floor(options.end / secondsPerDay) - options.days },
    ],
    prefix: '/ao',
    variable: 'AO_URLS',
    node: new AoNode(scenario),
    advanceTo: (time) => scenario.advanceTo(time),
  }
}
