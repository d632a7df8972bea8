import type { NetworkDeclaration } from '../../pipeline/model/stream.ts'
import { akash } from './akash.ts'
import { ao } from './ao.ts'
import { arweave } from './arweave.ts'
import { filecoin } from './filecoin.ts'
import { helium } from './helium.ts'
import { ionet } from './ionet.ts'
import { render } from './render.ts'

/** Every network we publish numbers for, in the order they are shown. */
export const networks: readonly NetworkDeclaration[] = [helium, render, ionet, akash, filecoin, arweave, ao]
