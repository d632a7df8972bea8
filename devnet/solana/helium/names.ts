import type { MintRef } from '../tokens.ts'

// Addresses and discriminators of Helium on Solana: helium/helium-program-library@145947e and @helium/idls 0.11.27.

/** HNT. */
export const hnt: MintRef = { mint: 'hntyVP6YFm1Hg25TN9WGLqM12b8TQmcknKrdu1oxWux', decimals: 8 }
/** Data Credits. */
export const dc: MintRef = { mint: 'dcuc8Amr83Wz27ZkQ2K9NS6r8zRpf1J6cvArEBDZDmm', decimals: 0 }
/** MOBILE, which nobody can mint any more. */
export const mobile: MintRef = { mint: 'mb1eu7TzEc71KxDpsmsKoucSSuuoGLv1drys1oP2jh6', decimals: 6 }
/** IOT, which nobody can mint any more. */
export const iot: MintRef = { mint: 'iotEVVZLEywoTn1QdwNPddxPWszn3zFhEot3MfL9fns', decimals: 6 }

/** Programs that the scenario calls. */
export const programs = {
  dataCredits: 'credMBJhYFzfn7NxBMdU4aUqFggAjgztaCcv2Fo6fPT',
  subDaos: 'hdaoVTCqhfHHo75XdAMxBKdUqvq1i5bF23sisBqVgGR',
  circuitBreaker: 'circAbx64bbsscPbQzZAUvuXpHqrCe6fLMzc2uKXz9g',
  lazyDistributor: '1azyuavdMyvsivtNxPoz6SucD18eDHeXzFCUPq5XU7w',
  noEmit: 'noEmmgLmQdk6DLiPV8CSwQv3qQDyGEhz9m5A4zhtByv',
  entityManager: 'hemjuPXBpNvggtaUnN1MwT3wrdhttKEfosTcc2P9Pg8',
  autoTopOff: 'topqqzQZroCyRrgyM5zVq6xkFDVnfF13iixSjajydgU',
  tuktuk: 'tuktukUrfhXT6ZT77QTU8RQtvgL967uRuVagWF57zVA',
} as const

/** Accounts and wallets by what they are for. */
export const at = {
  dao: 'BQ3MCuTT5zVBhNfQ4SjMh3NPVhFy73MPV8rjfq5d1zie',
  mobileSubDao: 'Gm9xDCJawDEKDrrQW6haw94gABaYzQwCq4ZQU8h8bd22',
  iotSubDao: '39Lw1RH6zt8AJvKn3BTxmUDofzduCM2J3kSaGDZ8L7Sk',
  hntBreaker: '3QqEkX1juz4bW8mCQBMJLWjEpHqYawvbEUvpc6iwYom3',
  dcBreaker: 'sZgXQVqAv9atfSuwNJnHgSf4tqsos6kRajANmBaBmSx',
  dataCredits: 'D1LbvrJQ9K2WbGPMbM3Fnrf5PSsDH1TDpjqJdHuvs81n',
  rewardsEscrow: 'BDs6RPnpJNzmuMNv1z8cDh9cxKFgCxEVDaCfoHZWyvqJ',
  rewardsEscrowOwner: '73zsmmqCXjvHHhNSib26Y8p3jYiH3UUuyKv71RJDnctW',
  delegatorPool: 'A7AjQhocZZvQXQJ5ducRF7gkconjNZfMNCjKguShoe8G',
  delegatorPoolBreaker: 'GjumWQJZUcUwYdMkHDPDCRFhA7AQmb1kLapqLmDAYTVY',
  mobileTreasury: 'BUCbfE1pbjUYrdw39kFWHqE3GuvwNVpN4gpWkmugQCpR',
  iotTreasury: 'CpyoYpaEZc8DvmkNWNZWfkQDFvGAvHp5mhtEhwGQhkTk',
  noEmitWallet: 'J2PeDhhZtmYHfnxPbfgttxYg9XAvv98Zo3RhfqiLgeSv',
  noEmitAccount: 'ENkPakrd6RvQSReFujYyrBjhc6fFWna6YaAL5ArcqxK8',
  notEmittedCounter: '8edcfvSnpSgLWboEDLih6KcrRqEkGLACNLPpHEPXEn4S',
  supplementVault: 'AGPDcgpXan5RB2Y9usHvdJmmJHpyyYqcQm8KouRkK6f4',
  council: 'EYbAXgLq1aRr9a9y55DbjfMdXNrZuMa69WXN9c1UR6eK',
  mobileBurner: 'mobMc6Q18xT78cRiExgVbhadEKHiTUm6ZDnSZn2cU8h',
  iotBurner: 'iotdbYfWqPiDa5MruziFHxBsjHamKuEnMhkPFoW4mKE',
  /** Signs the largest purchases of HNT burned for credits; counted as discretionary. */
  bulkBuyer: 'Bi5JuJDjan77e6bDB7bENdi3RHEZUGru2AGRTT6ERo8g',
  taskRunner: 'cronjz7v2xsWdXr8BVz38ihi5DTWPihGZKuRr6vSPEU',
  lookupTable: '43eY9L2spbM2b1MPDFFBStUiFGt29ziZ1nc1xbpzsfVt',
} as const

/** First eight bytes of instructions and accounts. */
export const says = {
  issueRewards: 'a6ce1d9d4990a429',
  mint: 'd2a4a1d34780dff4',
  mintDataCredits: '4e6da984905edd39',
  topOffDc: 'b23a1aa0d17d480e',
  noEmit: '0131d3394993e33d',
  claimRewards: '60b6c45174ce9a69',
  breakerBurn: 'adf6f0eae5b2f939',
  breakerTransfer: 'a2b6c16166557fbd',
  burnDelegated: '9223fefc22ccdd85',
  trackDcBurn: 'd8b6f68e72073a9e',
  burnWithoutTracking: '816a2b04348f66d0',
  delegateDataCredits: '9a38e280a273e205',
  distributeRewards: 'eb132a0c7162d675',
  runTask: '34b827817ef5b0ed',
  daoEpochInfo: '0ba88ac49b937a2c',
  subDaoEpochInfo: '2df9b114aafb2525',
} as const

/** Lookup tables; what is in the real one was not looked up, only its address is real. */
export const tables = {
  main: {
    address: at.lookupTable,
    contents: [
      hnt.mint,
      dc.mint,
      at.iotSubDao,
      at.mobileSubDao,
      at.dao,
      at.dcBreaker,
      at.hntBreaker,
      at.dataCredits,
      at.rewardsEscrow,
      at.delegatorPool,
      '11111111111111111111111111111111',
      'TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA',
      programs.circuitBreaker,
      programs.subDaos,
      programs.dataCredits,
    ],
  },
} as const
