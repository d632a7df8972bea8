/**
 * Seconds after which nothing can appear any more that was published for an earlier instant: whatever was being
 * committed then has been. Answers as of such an instant never change.
 */
export const settledSeconds = 3_600
