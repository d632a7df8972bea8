import { createHash } from 'node:crypto'
import { call, type Instruction, optional, pays, reads, signs, u64, writes } from '../instructions.ts'
import { burn, type MintRef, mintTo, thawed, tokenProgram, transfer } from '../tokens.ts'
import { type SubDao, subDaoEpochAddress, subDaos } from './epochs.ts'
import { at, dc, hnt, iot, mobile, programs, says } from './names.ts'

const system = '11111111111111111111111111111111'
const priceFeed = 'He5mhwVQQNvjFxqjEjFDb7enJWFwFJ7Rq7zknqBz89A5'

/** An Anchor instruction's first eight bytes. */
function anchorName(name: string): string {
  return createHash('sha256').update(`global:${name}`).digest('hex').slice(0, 16)
}

/** Instructions that the task runner's program calls; it is usually the outermost caller. */
export function underTask(calls: readonly Instruction[]): Instruction {
  const accounts = calls
    .flatMap((c) => c.accounts)
    .map(({ key, writable }) => ({ key, writable, signer: false }))
  return call(programs.tuktuk, says.runTask, [pays(at.taskRunner), ...accounts], [Buffer.alloc(4)], calls)
}

/** circuit_breaker mint_v0: the holder of every mint authority. */
function breakerMint(of: MintRef, to: string, breaker: string, caller: string, amount: bigint): Instruction {
  return call(
    programs.circuitBreaker,
    says.mint,
    [writes(of.mint), writes(to), signs(caller), writes(breaker), reads(tokenProgram)],
    [u64(amount)],
    [mintTo(of, to, breaker, amount)],
  )
}

/** sub_daos issue_rewards_v0 of an epoch: each amount is minted to its account, in order. */
export function issueRewards(
  of: SubDao,
  epoch: number,
  mints: readonly { readonly to: string; readonly amount: bigint }[],
): Instruction {
  const treasury = of === 'mobile' ? at.mobileTreasury : at.iotTreasury
  return call(
    programs.subDaos,
    says.issueRewards,
    [
      reads(at.dao),
      writes(subDaos[of]),
      reads(at.dao),
      writes(subDaoEpochAddress(of, epoch)),
      writes(at.hntBreaker),
      writes(hnt.mint),
      writes(of === 'mobile' ? mobile.mint : iot.mint),
      writes(treasury),
      writes(at.rewardsEscrow),
      writes(at.delegatorPool),
      reads(system),
      reads(tokenProgram),
      reads(programs.circuitBreaker),
      reads(subDaoEpochAddress(of, epoch - 1)),
      writes(at.supplementVault),
      writes(at.council),
    ],
    [u64(epoch)],
    mints.map(({ to, amount }) => breakerMint(hnt, to, at.hntBreaker, at.dao, amount)),
  )
}

/** Who buys credits: a wallet, its HNT account, and the account that gets the credits. */
export interface Buyer {
  readonly owner: string
  readonly hntAccount: string
  readonly dcAccount: string
}

/** data_credits mint_data_credits_v0: burns HNT and mints credits for it, which are then frozen. */
export function mintDataCredits(buyer: Buyer, burned: bigint, credits: bigint): Instruction {
  return call(
    programs.dataCredits,
    says.mintDataCredits,
    [
      reads(at.dataCredits),
      reads(priceFeed),
      writes(buyer.hntAccount),
      writes(buyer.dcAccount),
      reads(buyer.owner),
      signs(buyer.owner),
      writes(hnt.mint),
      writes(dc.mint),
      writes(at.dcBreaker),
      reads(programs.circuitBreaker),
      reads(tokenProgram),
    ],
    [optional(burned), optional(undefined)],
    thawed(dc, buyer.dcAccount, at.dataCredits, [
      burn(hnt, buyer.hntAccount, buyer.owner, burned),
      breakerMint(dc, buyer.dcAccount, at.dcBreaker, at.dataCredits, credits),
    ]),
  )
}

/** data_credits delegate_data_credits_v0: moves credits into a payer's escrow; nothing is spent. */
export function delegateDataCredits(buyer: Buyer, escrow: string, credits: bigint): Instruction {
  return call(
    programs.dataCredits,
    says.delegateDataCredits,
    [
      reads(at.dataCredits),
      reads(dc.mint),
      signs(buyer.owner),
      writes(buyer.dcAccount),
      writes(escrow),
      reads(tokenProgram),
    ],
    [u64(credits)],
    thawed(dc, buyer.dcAccount, at.dataCredits, [
      transfer(dc, buyer.dcAccount, escrow, buyer.owner, credits),
    ]),
  )
}

/** dc_auto_top top_off_dc_v0: an automatic purchase inside a task. */
export function topOff(buyer: Buyer, escrow: string, burned: bigint, credits: bigint): Instruction {
  return call(
    programs.autoTopOff,
    says.topOffDc,
    [writes(buyer.owner), writes(buyer.hntAccount), writes(buyer.dcAccount), writes(escrow)],
    [],
    [mintDataCredits(buyer, burned, credits), delegateDataCredits(buyer, escrow, credits)],
  )
}

/** A carrier or router operator that spends credits. */
export interface Payer {
  readonly of: SubDao
  readonly burner: string
  readonly account: string
  readonly escrow: string
}

/** data_credits burn_delegated_data_credits_v0: credits spent on traffic. */
export function burnDelegated(payer: Payer, epoch: number, credits: bigint): Instruction {
  const { of, burner, account, escrow } = payer
  const epochInfo = subDaoEpochAddress(of, epoch)
  return call(
    programs.dataCredits,
    says.burnDelegated,
    [
      writes(epochInfo),
      reads(subDaos[of]),
      signs(burner),
      reads(at.dataCredits),
      reads(at.dao),
      writes(dc.mint),
      reads(at.dataCredits),
      reads(system),
      writes(account),
      writes(escrow),
      reads(tokenProgram),
      reads(programs.subDaos),
    ],
    [u64(credits)],
    [
      ...thawed(dc, escrow, at.dataCredits, [burn(dc, escrow, account, credits)]),
      call(
        programs.subDaos,
        says.trackDcBurn,
        [writes(epochInfo), reads(subDaos[of]), reads(at.dao), reads(at.dataCredits)],
        [u64(credits)],
      ),
    ],
  )
}

/** An instruction of the entity manager, which burns credits by data_credits burn_without_tracking_v0. */
export function burnForEntity(name: string, buyer: Buyer, credits: bigint): Instruction {
  const spent = call(
    programs.dataCredits,
    says.burnWithoutTracking,
    [
      reads(at.dataCredits),
      writes(buyer.dcAccount),
      signs(buyer.owner),
      writes(dc.mint),
      reads(tokenProgram),
    ],
    [u64(credits)],
    thawed(dc, buyer.dcAccount, at.dataCredits, [burn(dc, buyer.dcAccount, buyer.owner, credits)]),
  )
  const accounts = [signs(buyer.owner), writes(buyer.dcAccount), writes(dc.mint)]
  return call(programs.entityManager, anchorName(name), accounts, [], [spent])
}

/** lazy_distributor distribute_rewards_v0: a claim, which moves what was minted before. */
export function distribute(to: string, amount: bigint): Instruction {
  const { rewardsEscrow, rewardsEscrowOwner } = at
  return call(
    programs.lazyDistributor,
    says.distributeRewards,
    [reads(rewardsEscrowOwner), writes(to), writes(at.dao), reads(hnt.mint), writes(rewardsEscrow)],
    [],
    [breakerTransfer(rewardsEscrow, to, rewardsEscrowOwner, amount)],
  )
}

function breakerTransfer(from: string, to: string, owner: string, amount: bigint): Instruction {
  return call(
    programs.circuitBreaker,
    says.breakerTransfer,
    [writes(from), writes(to), reads(owner), reads(tokenProgram)],
    [u64(amount)],
    [transfer(hnt, from, to, owner, amount)],
  )
}

/** sub_daos claim_rewards_v1 of a position: its reward is paid, or burned where the position did not vote. */
export function claimRewards(
  of: SubDao,
  epoch: number,
  reward: { readonly amount: bigint; readonly to?: string },
  position: string,
): Instruction {
  const { delegatorPool, delegatorPoolBreaker } = at
  const { amount, to } = reward
  const paid =
    to === undefined
      ? call(
          programs.circuitBreaker,
          says.breakerBurn,
          [
            writes(delegatorPool),
            reads(at.dao),
            writes(hnt.mint),
            writes(delegatorPoolBreaker),
            reads(tokenProgram),
          ],
          [u64(amount)],
          [burn(hnt, delegatorPool, delegatorPoolBreaker, amount)],
        )
      : breakerTransfer(delegatorPool, to, delegatorPoolBreaker, amount)
  return call(
    programs.subDaos,
    says.claimRewards,
    [
      reads(position),
      writes(at.dao),
      reads(subDaos[of]),
      writes(hnt.mint),
      reads(subDaoEpochAddress(of, epoch)),
      writes(delegatorPool),
      writes(delegatorPoolBreaker),
      ...(to === undefined ? [] : [writes(to)]),
    ],
    [u64(epoch)],
    [paid],
  )
}

/** no_emit no_emit_v0: burns all that its wallet was given. */
export function noEmit(amount: bigint): Instruction {
  return call(
    programs.noEmit,
    says.noEmit,
    [
      pays(at.taskRunner),
      reads(at.noEmitWallet),
      writes(at.notEmittedCounter),
      writes(at.noEmitAccount),
      writes(hnt.mint),
    ],
    [],
    [burn(hnt, at.noEmitAccount, at.noEmitWallet, amount)],
  )
}
