import { PublicKey } from '@solana/web3.js'
import { formatScaled } from '../../../pipeline/model/amount.ts'
import type { NetworkDeclaration } from '../../../pipeline/model/stream.ts'
import type { Finding } from '../../engine/ports.ts'
import type { Account } from './accounts.ts'
import { getAccounts } from './accounts.ts'
import type { SolanaClient } from './client.ts'
import type { Declared } from './declared.ts'
import { addressesIn, matchersOf, mintsOf } from './declared.ts'
import { inspectMints } from './inspect_mints.ts'
import type { Inspected } from './mint.ts'
import { readMint, readTokenAccount } from './mint.ts'

/**
 * Everything of a network's declaration that a node can confirm: its mints, every address it names, its largest holders, and
 * whether each recent mint is counted by a stream. Nothing is guessed: what is not declared is shown as found.
 */
export async function inspectNetwork(
  client: SolanaClient,
  network: NetworkDeclaration,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const tokens = mintsOf(network)
  const declared = addressesIn(network)
  const named = new Map<string, string>()
  for (const { address, where } of declared)
    named.set(address, [named.get(address), ...where].filter(Boolean).join(', '))
  const wanted = [...tokens.map((t) => t.mint), ...declared.map((d) => d.address)]
  const accounts = await getAccounts(client, [...new Set(wanted)], signal)
  const findings: Finding[] = []
  for (const { token, mint: address, decimals } of tokens) {
    const account = accounts.get(address)
    const mint = account && readMint(account)
    if (mint === undefined) {
      findings.push({
        verdict: 'differs',
        subject: `${token} mint`,
        declared: address,
        found: kindOf(account),
      })
      continue
    }
    findings.push(...mintFindings({ token, address, mint }, decimals, named))
    findings.push(...(await holders(client, { token, address, mint }, named, signal)))
    const matchers = matchersOf(network).filter((m) => m.filter.mint === address)
    findings.push(...(await inspectMints(client, { token, address, mint }, matchers, signal)))
  }
  for (const one of declared) findings.push(checkAddress(one, accounts.get(one.address)))
  for (const [what, absence] of Object.entries(network.absent ?? {}))
    if (absence.truly === 'unknown')
      findings.push({ verdict: 'fillIn', subject: what, declared: 'not known', found: absence.why })
  return findings
}

function mintFindings(
  { token, address, mint }: Inspected,
  decimals: number,
  named: ReadonlyMap<string, string>,
): Finding[] {
  const { mintAuthority, freezeAuthority } = mint
  const authorityNamed = mintAuthority === undefined ? undefined : named.get(mintAuthority)
  return [
    {
      verdict: 'same',
      subject: `${token} mint`,
      declared: address,
      found: `a mint of the program '${mint.program}'`,
    },
    {
      verdict: mint.decimals === decimals ? 'same' : 'differs',
      subject: `${token} decimals`,
      declared: String(decimals),
      found: String(mint.decimals),
    },
    {
      verdict: 'news',
      subject: `${token} supply`,
      declared: '',
      found: formatScaled(mint.supply, mint.decimals),
    },
    mintAuthority === undefined
      ? {
          verdict: 'news',
          subject: `${token} mint authority`,
          declared: '',
          found: 'none: nobody can mint any more',
        }
      : {
          verdict: authorityNamed === undefined ? 'fillIn' : 'same',
          subject: `${token} mint authority`,
          declared: authorityNamed ?? '',
          found:
            authorityNamed === undefined
              ? `${mintAuthority}; page its signatures for mints: signaturesOf: ['${mintAuthority}']`
              : mintAuthority,
        },
    { verdict: 'news', subject: `${token} freeze authority`, declared: '', found: freezeAuthority ?? 'none' },
  ]
}

/** The twenty largest accounts of a mint, and who owns them. */
async function holders(
  client: SolanaClient,
  { token, address, mint }: Inspected,
  named: ReadonlyMap<string, string>,
  signal: AbortSignal,
): Promise<Finding[]> {
  const largest = await client.connection.getTokenLargestAccounts(new PublicKey(address))
  const value = largest.value.filter((v) => v.amount !== '0')
  const addresses = value.map((v) => v.address.toBase58())
  const accounts = await getAccounts(client, addresses, signal)
  return value.map((v, i): Finding => {
    const at = addresses[i] ?? ''
    const account = accounts.get(at)
    const owner = (account && readTokenAccount(account)?.owner) ?? 'an owner not known'
    const amount = BigInt(v.amount)
    const permille = mint.supply === 0n ? 0n : (amount * 1_000n) / mint.supply
    const share = `${permille / 10n}.${permille % 10n} %`
    return {
      verdict: 'news',
      subject: `${token} holder ${i + 1}`,
      declared: named.get(at) ?? named.get(owner) ?? '',
      found: `${at} of ${owner}: ${formatScaled(amount, mint.decimals)} (${share})`,
    }
  })
}

function checkAddress({ address, need, mint, where, past }: Declared, account: Account | undefined): Finding {
  const subject = `${need} ${address}`
  const declared = where.join(', ')
  const made = (fits: boolean): Finding => {
    return { verdict: fits ? 'same' : 'differs', subject, declared, found: kindOf(account) }
  }
  if (account === undefined && past)
    return {
      verdict: 'news',
      subject,
      declared,
      found: 'no such account now; only streams that ended name it',
    }
  switch (need) {
    case 'signer':
      return account === undefined
        ? { verdict: 'news', subject, declared, found: 'no account: it holds nothing now' }
        : made(!account.executable)
    case 'program':
      return made(account?.executable === true)
    case 'token account':
      return made(account !== undefined && readTokenAccount(account)?.mint === mint)
    case 'account':
      return made(account !== undefined)
  }
}

/** What an account is, for readers. */
function kindOf(account: Account | undefined): string {
  if (account === undefined) return 'no such account'
  if (account.executable) return 'a program'
  const mint = readMint(account)
  if (mint !== undefined) return `a mint of ${mint.decimals} decimals`
  const held = readTokenAccount(account)
  if (held !== undefined) return `a token account of mint ${held.mint}, owner ${held.owner}`
  return `an account of ${account.owner}, ${account.data.length} bytes`
}
