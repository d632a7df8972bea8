import type { NetworkDeclaration } from '../../pipeline/model/stream.ts'
import { arweave } from './arweave.ts'

/** Every network we publish numbers for, in the order they are shown. */
export const networks: readonly NetworkDeclaration[] = [arweave]
