/** Folders and files that money passes through. */
export const moneyPath = /^(pipeline|indexers|migrations|graphql|commands)\//

const moneyName = '\\w*(?:raw|usd|micros|amount|price|fee|fees|reward|rewards|supply|minted|burned)'
const rules: readonly (readonly [RegExp, string])[] = [
  [
    new RegExp(
      `\\b(?:Number|parseFloat|parseInt|Math\\.\\w+)\\((?:[^()]*[^\\w()])?${moneyName}\\b(?!\\.length|Digits)`,
      'i',
    ),
    'turns an amount into a float',
  ],
  [new RegExp(`\\+${moneyName}\\b\\s*[*/]`, 'i'), 'turns an amount into a float'],
  [/\b(?:double precision|float8|float4)\b|::(?:real|float)\b/i, 'keeps a number as a float in the database'],
]
const jsonRule: readonly [RegExp, string] = [/\bJSON\.parse\(|\.json\(\)/, 'parses JSON with floats']
/** Answers of price services and of chains that write amounts as JSON numbers keep every digit; EVM nodes write hex, CometBFT texts. */
const outside = /^(pipeline\/prices|indexers\/chains\/(?!evm|filecoin|cosmos))/

/**
 * The consensus of Arweave itself computed with floats before block 812,970; its steps are repeated exactly
 * (see docs/chains/arweave.md).
 */
const consensusFloats: readonly string[] = [
  'indexers/chains/arweave/fees.ts',
  'indexers/chains/arweave/inflation.ts',
]

/** A sentence for each line that takes money through a float. */
export function floatsIn(file: string, text: string): string[] {
  if (!moneyPath.test(file) || consensusFloats.includes(file)) return []
  const active = outside.test(file) ? [...rules, jsonRule] : rules
  return text.split('\n').flatMap((line, i) => {
    const code = line.replace(/^\s*(\*|\/\/|\/\*).*$/, '')
    return active.flatMap(([pattern, what]) =>
      pattern.test(code) ? [`${file}:${i + 1} ${what}: ${line.trim()}`] : [],
    )
  })
}
