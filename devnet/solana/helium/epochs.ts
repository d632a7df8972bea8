import { programAddress } from '../../../indexers/chains/solana/address.ts'
import { addressBytes, u64 } from '../instructions.ts'
import type { SolanaLedger } from '../ledger.ts'
import { at, programs, says } from './names.ts'

/** The two sub-networks. */
export const subDaos = { mobile: at.mobileSubDao, iot: at.iotSubDao } as const
export type SubDao = keyof typeof subDaos

interface SubDaoEpoch {
  dcBurned: bigint
  /** Set when the epoch's rewards were minted. */
  issued?: { readonly at: number; readonly hotspots: bigint; readonly stakers: bigint }
}

interface DaoEpoch {
  readonly totalRewards: bigint
  readonly supply: bigint
  stakers: bigint
  issued: number
}

/** Deriving an address costs more than the rest of a transaction; each is named many times. */
const derived = new Map<string, string>()

function epochAddress(name: string, of: string, epoch: number): string {
  const key = `${name} ${of} ${epoch}`
  const known = derived.get(key)
  if (known !== undefined) return known
  const made = programAddress([Buffer.from(name), addressBytes(of), u64(epoch)], programs.subDaos)
  derived.set(key, made)
  return made
}

/** Where the sub-DAO program keeps a sub-network's account of a day. */
export function subDaoEpochAddress(of: SubDao, epoch: number): string {
  return epochAddress('sub_dao_epoch_info', subDaos[of], epoch)
}

function daoEpochAddress(epoch: number): string {
  return epochAddress('dao_epoch_info', at.dao, epoch)
}

/** Helium's accounts of each day (days since 1970), written as the program writes them: state.rs of helium-sub-daos. */
export class EpochAccounts {
  readonly #ledger: SolanaLedger
  readonly #subDaos = new Map<string, SubDaoEpoch>()
  readonly #daos = new Map<number, DaoEpoch>()

  constructor(ledger: SolanaLedger) {
    this.#ledger = ledger
  }

  /** Adds credits that were burned for traffic. */
  track(of: SubDao, epoch: number, credits: bigint, slot: number): void {
    const account = this.#subDao(of, epoch)
    account.dcBurned += credits
    this.#writeSubDao(of, epoch, slot)
  }

  /** Closes a day: what is to be minted for it, and the supply once that is done. */
  close(epoch: number, totals: { totalRewards: bigint; supply: bigint }, slot: number): void {
    this.#daos.set(epoch, { ...totals, stakers: 0n, issued: 0 })
    this.#writeDao(epoch, slot)
  }

  /** The supply that the last closed day counts on; undefined before the first one. */
  supplyOf(epoch: number): bigint | undefined {
    return this.#daos.get(epoch)?.supply
  }

  issue(
    of: SubDao,
    epoch: number,
    minted: { at: number; hotspots: bigint; stakers: bigint },
    slot: number,
  ): void {
    this.#subDao(of, epoch).issued = minted
    this.#writeSubDao(of, epoch, slot)
    const dao = this.#daos.get(epoch)
    if (dao === undefined) throw new TypeError(`epoch ${epoch} is not closed`)
    dao.stakers += minted.stakers
    dao.issued += 1
    this.#writeDao(epoch, slot)
  }

  #subDao(of: SubDao, epoch: number): SubDaoEpoch {
    const key = `${of} ${epoch}`
    const found = this.#subDaos.get(key) ?? { dcBurned: 0n }
    this.#subDaos.set(key, found)
    return found
  }

  #writeSubDao(of: SubDao, epoch: number, slot: number): void {
    const { dcBurned, issued } = this.#subDao(of, epoch)
    const score =
      issued === undefined ? Buffer.from([0]) : Buffer.concat([Buffer.from([1]), u64(10n ** 12n), u64(0)])
    const issuedAt =
      issued === undefined ? Buffer.from([0]) : Buffer.concat([Buffer.from([1]), u64(issued.at)])
    const body = Buffer.concat([
      Buffer.from(says.subDaoEpochInfo, 'hex'),
      u64(epoch),
      addressBytes(subDaos[of]),
      u64(dcBurned),
      u64(10n ** 15n), // veHNT at the epoch's start
      Buffer.alloc(32), // closing positions
      u64(issued?.stakers ?? 0n),
      score,
      issuedAt,
      Buffer.from([255, 1]),
      u64(0), // onboarding fees
      u64(issued?.hotspots ?? 0n),
      Buffer.alloc(4),
    ])
    const data = Buffer.concat([body, Buffer.alloc(216 - body.length)])
    this.#ledger.setState(subDaoEpochAddress(of, epoch), slot, { owner: programs.subDaos, data })
  }

  #writeDao(epoch: number, slot: number): void {
    const dao = this.#daos.get(epoch)
    if (dao === undefined) return
    const counters = Buffer.alloc(8)
    counters.writeUInt32LE(2, 0)
    counters.writeUInt32LE(dao.issued, 4)
    const data = Buffer.concat([
      Buffer.from(says.daoEpochInfo, 'hex'),
      Buffer.from([1]),
      u64(epoch),
      addressBytes(at.dao),
      u64(dao.totalRewards),
      u64(dao.supply),
      Buffer.alloc(16), // utility score
      counters,
      Buffer.from([dao.issued === 2 ? 1 : 0, 0, 255]),
      Buffer.alloc(160), // recent proposals
      u64(dao.stakers),
      Buffer.alloc(40),
    ])
    this.#ledger.setState(daoEpochAddress(epoch), slot, { owner: programs.subDaos, data })
  }
}
