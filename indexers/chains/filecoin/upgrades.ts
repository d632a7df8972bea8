/**
 * Heights of mainnet upgrades that change how money is read; new rules hold from the epoch after.
 * filecoin-project/lotus, build/buildconstants/params_mainnet.go.
 */

/** Network version 1: the upgrade empties f099 into the reserve, while the next tipset is executed. */
export const breeze = 41_280
/** Network version 5, from which founders' and investors' tokens vest. */
export const liftoff = 148_888
/** Network version 6: a quarter of a reward is free at once (FIP-0004). */
export const kumquat = 170_000
/** Network version 7: the vesting schedule as it stayed. */
export const calico = 265_200
/** Network version 9: proofs of sectors pay no base fee (FIP-0009). */
export const claus = 343_200
/** Network version 13: fees for batches of sectors (FIP-0013); FIP-0009 ends (FIP-0015). */
export const hyperdrive = 892_800
/** Network version 25: a daily fee for sectors in place of the batch fees (FIP-0100). */
export const teep = 4_878_840
/** The network version that splits what is minted into streams (FIP-0118). Its height is read from the chain. */
export const rewardStreamsVersion = 29
