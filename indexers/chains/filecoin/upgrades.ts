/**
 * Heights of mainnet upgrades that change how money is read; new rules hold from the epoch after.
 * filecoin-project/lotus, build/buildconstants/params_mainnet.go.
 */

/** Network version 5, from which founders' and investors' tokens vest. */
export const liftoff = 148_888
/** Network version 7: the vesting schedule as it stayed. */
export const calico = 265_200
/** Network version 9: proofs of sectors pay no base fee (FIP-0009). */
export const claus = 343_200
/** Network version 13: fees for batches of sectors (FIP-0013); FIP-0009 ends (FIP-0015). */
export const hyperdrive = 892_800
