import type { NetworkDeclaration } from '../../pipeline/model/stream.ts'
import { akash } from './akash.ts'
import { arweave } from './arweave.ts'
import { filecoin } from './filecoin.ts'
import { helium } from './helium.ts'

/** Every network we publish numbers for, in the order they are shown. */
export const networks: readonly NetworkDeclaration[] = [helium, akash, filecoin, arweave]
