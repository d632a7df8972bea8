/** Winners that an epoch is expected to have; the epoch's reward is for all of them. */
const expectedWinners = 5n

/** What blocks mint from the reward of their epoch: each rounds down by itself. */
export function rewardsOf(thisEpochReward: bigint, winCounts: readonly number[]): bigint[] {
  return winCounts.map((wins) => (thisEpochReward * BigInt(wins)) / expectedWinners)
}

/**
 * What the blocks of a tipset minted.
 * @param known The reward in the state before the tipset. Null rounds before the tipset change it before it is paid: then the
 *   reward near it that gives exactly `minted` counts.
 * @param minted What f02's counter grew by.
 * @returns An amount a block, together `minted`; undefined if no reward gives that.
 */
export function blockRewards(
  known: bigint,
  winCounts: readonly number[],
  minted: bigint,
  afterNullRounds: boolean,
): readonly bigint[] | undefined {
  const plain = rewardsOf(known, winCounts)
  if (sum(plain) === minted) return plain
  const wins = BigInt(winCounts.reduce((all, one) => all + one, 0))
  if (!afterNullRounds || wins === 0n || minted < 0n) return undefined
  const lowest = (minted * expectedWinners) / wins
  if (difference(lowest, known) > known / 100n) return undefined
  const tries = expectedWinners * BigInt(winCounts.length + 1)
  for (let reward = lowest; reward <= lowest + tries; reward += 1n) {
    const amounts = rewardsOf(reward, winCounts)
    if (sum(amounts) === minted) return amounts
  }
  return undefined
}

const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((all, one) => all + one, 0n)
const difference = (a: bigint, b: bigint): bigint => (a > b ? a - b : b - a)
