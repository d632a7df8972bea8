import { dayNumber, dayOfNumber, day as dayOfText } from '../../../pipeline/model/time.ts'
import type { Act, World } from '../chain.ts'
import { issueRewards, underTask } from './calls.ts'
import { type EpochAccounts, type SubDao, subDaos } from './epochs.ts'
import { at, hnt, tables } from './names.ts'

const shareKey = 41
const lateKey = 42
/** Bones a day and the first epoch of each: helium-program-library, emissions/hnt.json. */
const schedule = [
  { from: dayNumber(dayOfText('2025-08-01')), amount: 2_054_794_520_548n },
  { from: 0, amount: 4_109_589_041_096n },
] as const
/** HNT burned and minted again, at most: HIP 20's net emissions, bones a day. */
const reemissionCap = 164_383_561_643n
const supplementFrom = dayNumber(dayOfText('2026-08-06'))
const supplementPerPass = 98_000n * 10n ** 8n
const supplementDays = 360
const supplementTail = 720

/** HIP 149, by the day of the mint: flat for 360 days, then falling to zero in 720. Bones a sub-network. */
function supplementOn(paid: number): bigint {
  const age = paid - supplementFrom
  if (age < 0 || age >= supplementDays + supplementTail) return 0n
  if (age < supplementDays) return supplementPerPass
  return (supplementPerPass * BigInt(supplementDays + supplementTail - age)) / BigInt(supplementTail)
}

/**
 * The mints of the day before, at about 00:00:10: one call a sub-network. What is minted is the day's total rewards
 * less up to two bones that the split loses, and the supplement.
 */
export function rewardActs(world: World, epochs: EpochAccounts, day: number): Act[] {
  const epoch = day - 1
  const second = world.chance(lateKey, day) < 0.05 ? 6_480 : 8
  const mobileShare = BigInt(Math.floor(6e11 + 5e10 * world.chance(shareKey, epoch)))
  const shares = { mobile: mobileShare, iot: 10n ** 12n - mobileShare } as const
  const supplement = supplementOn(day)
  return (Object.keys(subDaos) as SubDao[]).map((of, n) => ({
    second: second + n * 20,
    make: ({ slot, time, day: paid }) => {
      const scheduled = schedule.find((s) => epoch >= s.from)?.amount ?? 0n
      const totalRewards = scheduled + reemissionCap
      if (n === 0) {
        const supply = world.ledger.supply(hnt.mint) + totalRewards + 2n * supplement
        epochs.close(epoch, { totalRewards, supply }, slot)
        world.books.note('helium total rewards', paid, totalRewards)
      }
      const part = (totalRewards * shares[of]) / 10n ** 12n
      const stakers = (part * 6n) / 100n
      const hotspots = part - stakers
      const vault = (supplement * 9_875n) / 10_000n
      const mints = [
        { to: at.rewardsEscrow, amount: hotspots },
        { to: at.delegatorPool, amount: stakers },
        { to: at.supplementVault, amount: vault },
        { to: at.council, amount: supplement - vault },
      ].filter((m) => m.amount > 0n)
      const earned = dayOfNumber(epoch)
      for (const [entry, amount] of [
        [`helium hotspots ${of}`, hotspots],
        [`helium stakers ${of}`, stakers],
        ['helium supplement', supplement],
      ] as const) {
        world.books.note(entry, paid, amount)
        world.books.note(`${entry} by epoch`, earned, amount)
      }
      epochs.issue(of, epoch, { at: time, hotspots, stakers }, slot)
      return {
        payer: at.taskRunner,
        instructions: [underTask([issueRewards(of, epoch, mints)])],
        table: tables.main,
      }
    },
  }))
}
