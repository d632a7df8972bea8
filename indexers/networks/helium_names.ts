// Addresses, seeds and discriminators: helium/helium-program-library@145947e, @helium/idls 0.11.27, and derived from the seeds.

/** Mints. All are of the classic SPL Token program. */
export const mints = {
  HNT: 'hntyVP6YFm1Hg25TN9WGLqM12b8TQmcknKrdu1oxWux',
  MOBILE: 'mb1eu7TzEc71KxDpsmsKoucSSuuoGLv1drys1oP2jh6',
  IOT: 'iotEVVZLEywoTn1QdwNPddxPWszn3zFhEot3MfL9fns',
  DC: 'dcuc8Amr83Wz27ZkQ2K9NS6r8zRpf1J6cvArEBDZDmm',
} as const

/** Who may mint: the circuit breaker of each mint, which is an account of every mint by it. */
export const breakers = {
  HNT: '3QqEkX1juz4bW8mCQBMJLWjEpHqYawvbEUvpc6iwYom3',
  DC: 'sZgXQVqAv9atfSuwNJnHgSf4tqsos6kRajANmBaBmSx',
  MOBILE: '3xGSXWtUTpZKEcM68wYSCaBRNPs8kxNeTEdi5HsDVKxh',
  IOT: 'FPJjfrmwePzQdrhXELwwzQWLKfEaabrNVC7eqzPdqcB4',
} as const

/** Programs. */
export const programs = {
  dataCredits: 'credMBJhYFzfn7NxBMdU4aUqFggAjgztaCcv2Fo6fPT',
  subDaos: 'hdaoVTCqhfHHo75XdAMxBKdUqvq1i5bF23sisBqVgGR',
  noEmit: 'noEmmgLmQdk6DLiPV8CSwQv3qQDyGEhz9m5A4zhtByv',
} as const

/** Token accounts and program accounts. */
export const accounts = {
  dao: 'BQ3MCuTT5zVBhNfQ4SjMh3NPVhFy73MPV8rjfq5d1zie',
  mobileSubDao: 'Gm9xDCJawDEKDrrQW6haw94gABaYzQwCq4ZQU8h8bd22',
  iotSubDao: '39Lw1RH6zt8AJvKn3BTxmUDofzduCM2J3kSaGDZ8L7Sk',
  rewardsEscrow: 'BDs6RPnpJNzmuMNv1z8cDh9cxKFgCxEVDaCfoHZWyvqJ',
  delegatorPool: 'A7AjQhocZZvQXQJ5ducRF7gkconjNZfMNCjKguShoe8G',
  delegatorPoolBreaker: 'GjumWQJZUcUwYdMkHDPDCRFhA7AQmb1kLapqLmDAYTVY',
  mobileTreasury: 'BUCbfE1pbjUYrdw39kFWHqE3GuvwNVpN4gpWkmugQCpR',
  iotTreasury: 'CpyoYpaEZc8DvmkNWNZWfkQDFvGAvHp5mhtEhwGQhkTk',
  mobileDelegatorPool: '71Y96vbVWYkoVQUgVsd8LSBRRDrgp5pf1sKznM5KuaA7',
  iotDelegatorPool: '6fvj6rSwTeCkY7i45jYZYpZEhKmPRSTmA29hUDiMSFtU',
  noEmitAccount: 'ENkPakrd6RvQSReFujYyrBjhc6fFWna6YaAL5ArcqxK8',
  supplementVault: 'AGPDcgpXan5RB2Y9usHvdJmmJHpyyYqcQm8KouRkK6f4',
  council: 'EYbAXgLq1aRr9a9y55DbjfMdXNrZuMa69WXN9c1UR6eK',
} as const

const ofMobile = { account: { at: 1, is: [accounts.mobileSubDao] } }
const ofIot = { account: { at: 1, is: [accounts.iotSubDao] } }
const issueRewardsKey = { program: programs.subDaos, discriminator: 'a6ce1d9d4990a429' }
const burnDelegatedKey = { program: programs.dataCredits, discriminator: '9223fefc22ccdd85' }

/** Instructions, as the decoder recognises callers. */
export const calls = {
  issueRewards: issueRewardsKey,
  issueMobileRewards: { ...issueRewardsKey, ...ofMobile },
  issueIotRewards: { ...issueRewardsKey, ...ofIot },
  issueHstPool: { program: programs.subDaos, discriminator: 'fa1388d0e55e88da' },
  claimRewards: { program: programs.subDaos, discriminator: '60b6c45174ce9a69' },
  mintDataCredits: { program: programs.dataCredits, discriminator: '4e6da984905edd39' },
  burnForMobile: { ...burnDelegatedKey, ...ofMobile },
  burnForIot: { ...burnDelegatedKey, ...ofIot },
  burnWithoutTracking: { program: programs.dataCredits, discriminator: '816a2b04348f66d0' },
  noEmit: { program: programs.noEmit, discriminator: '0131d3394993e33d' },
} as const

/** The program source, as most streams were read from it. */
export const source = 'helium/helium-program-library@145947e'
