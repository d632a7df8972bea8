import { epochSeconds, genesisTime } from '../../indexers/chains/filecoin/epochs.ts'
import { genesisOf } from '../../indexers/chains/filecoin/source.ts'
import type { DevnetNode, NodeReply, NodeRequest, Twist } from '../node.ts'
import { answerRpc, RpcFault } from '../rpc.ts'
import { cidOf, minerOf } from './cids.ts'
import type { FilecoinScenario } from './scenario.ts'
import { messageCid, messageJson, receiptJson, traceJson } from './traces.ts'

/** Epochs below the head at which simulated F3 makes tipsets final. */
const finalityEpochs = 20

/** Another part of the same endpoint, such as the Ethereum methods. */
export interface RpcHook {
  handles(method: string): boolean
  /** The result of a call. @throws RpcFault */
  answer(method: string, params: readonly unknown[]): unknown
}

/** A simulated Lotus node: JSON-RPC for tipsets, messages, receipts, traces and the state that money is counted in. */
export class FilecoinNode implements DevnetNode {
  readonly origin = 'simulated'
  readonly #chain: FilecoinScenario
  readonly #hooks: readonly RpcHook[]

  constructor(chain: FilecoinScenario, hooks: readonly RpcHook[] = []) {
    this.#chain = chain
    this.#hooks = hooks
  }

  answer(request: NodeRequest, twist: Twist): NodeReply {
    if (request.method !== 'POST') return { status: 404, type: 'text/plain', body: 'Not Found.' }
    return answerRpc(request, (method, params) => {
      const hook = this.#hooks.find((h) => h.handles(method))
      return JSON.stringify(
        hook === undefined ? this.#call(method, params, twist) : hook.answer(method, params),
      )
    })
  }

  #call(method: string, params: readonly unknown[], twist: Twist): unknown {
    const [first, second, third] = params
    switch (method) {
      case 'Filecoin.ChainHead':
        return this.#tipset(this.#head(twist), twist)
      case 'Filecoin.ChainGetFinalizedTipSet':
        return this.#tipset(
          this.#heightAt(Math.max(this.#chain.first, this.#head(twist) - finalityEpochs)),
          twist,
        )
      case 'Filecoin.ChainGetGenesis':
        return this.#genesis(twist)
      case 'Filecoin.StateNetworkName':
        return twist.network('simulated')
      case 'Filecoin.StateNetworkVersion':
        return this.#chain.versionAt(this.#head(twist))
      case 'Filecoin.ChainGetTipSetByHeight':
        return this.#tipset(this.#heightAt(height(first), twist), twist)
      case 'Filecoin.ChainGetBlockMessages':
        return this.#messages(first)
      case 'Filecoin.ChainGetParentReceipts':
        return this.#receipts(first)
      case 'Filecoin.StateReadState':
        return this.#actor(first, 'f02', () => this.#chain.rewardState(this.#heightOfKey(second)))
      case 'Filecoin.StateGetActor':
        return this.#actor(first, 'f099', () => this.#burntFunds(this.#heightOfKey(second)))
      case 'Filecoin.StateVMCirculatingSupplyInternal':
        return this.#chain.circulation(this.#heightOfKey(first))
      case 'Filecoin.StateCompute':
        return traceJson(this.#chain, this.#chain.tipset(this.#heightOfKey(third)))
      default:
        throw new RpcFault(-32_601, `method '${method}' not found`)
    }
  }

  #head(twist: Twist): number {
    return this.#heightAt(Math.max(twist.head(this.#chain.head), this.#chain.first))
  }

  #heightAt(asked: number, twist?: Twist): number {
    if (twist?.hides(asked)) throw new RpcFault(1, `failed to load tipset: could not find block at ${asked}`)
    const head = twist === undefined ? this.#chain.head : this.#head(twist)
    if (asked > head) throw new RpcFault(1, 'looking for tipset with height greater than start point')
    const found = this.#chain.heightAt(asked)
    if (found === undefined)
      throw new RpcFault(1, `bad tipset height: lookbacks below ${this.#chain.first} are disallowed`)
    return found
  }

  #tipset(at: number, twist: Twist): unknown {
    const { seed } = this.#chain
    const { baseFee, blocks } = this.#chain.tipset(at)
    const parents = this.#chain.cidsAt(this.#chain.parentOf(at)).map(link)
    return twist.strip({
      Cids: this.#chain.cidsAt(at).map(link),
      Blocks: blocks.map(({ miner, wins }, i) => ({
        Miner: minerOf(miner),
        Ticket: { VRFProof: cidOf(seed, `ticket ${at} ${i}`) },
        ElectionProof: { WinCount: wins, VRFProof: null },
        BeaconEntries: null,
        WinPoStProof: null,
        Parents: parents,
        ParentWeight: String(at * 23),
        Height: at,
        ParentStateRoot: link(cidOf(seed, `state before ${at}`)),
        ParentMessageReceipts: link(cidOf(seed, `receipts before ${at}`)),
        Messages: link(cidOf(seed, `messages ${at} ${i}`)),
        BLSAggregate: null,
        Timestamp: genesisTime + at * epochSeconds,
        BlockSig: null,
        ForkSignaling: 0,
        ParentBaseFee: String(baseFee),
      })),
      Height: at,
    })
  }

  #genesis(twist: Twist): unknown {
    const own = twist.network('simulated') === 'simulated'
    const cid = own ? genesisOf.simulated : cidOf(this.#chain.seed, 'another genesis')
    return { Cids: [link(cid)], Blocks: [{ Miner: 'f00', Height: 0, Timestamp: genesisTime }], Height: 0 }
  }

  #messages(block: unknown): unknown {
    const { seed } = this.#chain
    const { height: at, index } = this.#block(block)
    const own = this.#chain.tipset(at).messages.filter((m) => m.blocks.includes(index))
    const [bls, secp] = [own.filter((m) => m.bls), own.filter((m) => !m.bls)]
    return {
      BlsMessages: bls.map((m) => messageJson(seed, at, m)),
      SecpkMessages: secp.map((m) => ({
        Message: messageJson(seed, at, m),
        Signature: { Type: 1, Data: 'AA==' },
        CID: link(messageCid(seed, at, m)),
      })),
      Cids: [...bls, ...secp].map((m) => link(messageCid(seed, at, m))),
    }
  }

  #receipts(block: unknown): unknown {
    const parent = this.#chain.parentOf(this.#block(block).height)
    if (parent < this.#chain.first) throw new RpcFault(1, 'failed to load receipts: could not find them')
    return this.#chain
      .tipset(parent)
      .messages.filter((m) => !m.rival)
      .map(receiptJson)
  }

  #burntFunds(at: number): unknown {
    const { burnt } = this.#chain.stateBefore(at)
    return {
      Code: link(cidOf(0, 'code fil/18/account')),
      Head: link(cidOf(0, 'burnt head')),
      Nonce: 0,
      Balance: String(burnt),
      DelegatedAddress: null,
    }
  }

  #actor(asked: unknown, known: string, make: () => unknown): unknown {
    if (asked === known) return make()
    throw new RpcFault(1, `actor ${String(asked)} not found`)
  }

  #block(cid: unknown): { readonly height: number; readonly index: number } {
    const text = typeof cid === 'object' && cid !== null && '/' in cid ? String(cid['/']) : ''
    const found = this.#chain.findBlock(text)
    if (found !== undefined) return found
    throw new RpcFault(1, `could not find block ${text}`)
  }

  #heightOfKey(key: unknown): number {
    if (!Array.isArray(key) || key.length === 0) return this.#chain.head
    return this.#block(key[0]).height
  }
}

const link = (cid: string): { '/': string } => ({ '/': cid })

function height(value: unknown): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value
  throw new RpcFault(-32_602, `height ${JSON.stringify(value)} is not a whole number`)
}
