import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { Faults } from '../../devnet/misbehave.ts'
import { FilecoinReplay } from '../../devnet/replay/filecoin.ts'
import { type DevnetServer, startServer } from '../../devnet/server.ts'
import { causeOf } from '../../indexers/chains/filecoin/causes.ts'
import { genesisTime } from '../../indexers/chains/filecoin/epochs.ts'
import { brokenIdentity, executedOf, identitiesOf } from '../../indexers/chains/filecoin/identities.ts'
import { selectExecuted } from '../../indexers/chains/filecoin/messages.ts'
import { rewardsOf } from '../../indexers/chains/filecoin/rewards.ts'
import { isRefusal, LotusRpc } from '../../indexers/chains/filecoin/rpc.ts'
import { createFilecoinSource } from '../../indexers/chains/filecoin/source.ts'
import { readRewardState } from '../../indexers/chains/filecoin/state.ts'
import { miningReserve } from '../../indexers/chains/filecoin/supply.ts'
import { tipsetQuestion } from '../../indexers/chains/filecoin/tipset.ts'
import { type TipsetTrace, traceQuestion } from '../../indexers/chains/filecoin/trace.ts'
import { EndpointPool } from '../../indexers/engine/endpoints.ts'
import { filecoin } from '../../indexers/networks/filecoin.ts'
import { unixSeconds } from '../../pipeline/model/time.ts'
import { silentLogger, streamsOf } from '../support/streams.ts'

const folder = join(import.meta.dirname, '../../../shared/recordings')
const root = join(folder, 'filecoin')
const absent = !existsSync(root)

test.runIf(absent && process.env.CI !== undefined)('the recordings are there', () => {
  expect.fail('recordings of Filecoin are absent; in CI they must be at ../shared/recordings/filecoin')
})

const text = z.string().transform(BigInt)
const expectedShape = z.object({
  network: z.enum(['mainnet', 'calibration']),
  height: z.number(),
  blocks: z.number(),
  base_fee: text,
  sum_win_count: z.number(),
  totals: z.object({
    base_fee_burn: text,
    over_estimation_burn: text,
    miner_tip: text,
    miner_penalty: text,
    refund: text,
    internal_burn_effective: text,
    burn_total: text,
    minted: text,
    gas_reward: text,
  }),
  rewards: z.array(z.object({ penalty: text, gas_reward: text, win_count: z.number(), minted: text })),
  transfers_to_f099: z.array(
    z.object({ top_cid: z.string(), from_: z.string(), value: text, effective: z.boolean() }),
  ),
  messages: z.array(
    z.object({
      cid: z.string(),
      base_fee_burn: text,
      over_estimation_burn: text,
      miner_tip: text,
      miner_penalty: text,
      refund: text,
    }),
  ),
})
const expectedFiles = absent ? [] : readdirSync(join(root, 'expected')).sort()
const expected = expectedFiles.map((file) =>
  expectedShape.parse(JSON.parse(readFileSync(join(root, 'expected', file), 'utf8'))),
)

const calibrationGenesis = unixSeconds(1_667_326_380)
const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((all, one) => all + one, 0n)

describe.skipIf(absent)(
  'recorded Filecoin (../shared/recordings/filecoin; skipped where it is absent)',
  () => {
    let server: DevnetServer
    const pools: EndpointPool[] = []
    const pool = (network: string): EndpointPool => {
      const made = new EndpointPool({
        chain: 'filecoin',
        variable: 'FILECOIN_RPC_URLS',
        urls: [`${server.url}/${network}`],
        logger: silentLogger,
        now: () => performance.now(),
      })
      pools.push(made)
      return made
    }

    beforeAll(async () => {
      server = await startServer({
        nodes: new Map([
          ['/mainnet', new FilecoinReplay(folder, 'mainnet')],
          ['/calibration', new FilecoinReplay(folder, 'calibration')],
        ]),
        faults: new Faults(1),
        host: '127.0.0.1',
        port: 0,
      })
    })
    afterAll(async () => {
      await Promise.all(pools.map((p) => p.close()))
      await server.close()
    })

    const read = async (network: string, height: number) => {
      const rpc = new LotusRpc(pool(network))
      const tipset = await rpc.ask(
        tipsetQuestion(height, network === 'mainnet' ? genesisTime : calibrationGenesis),
      )
      return { tipset, trace: await rpc.ask(traceQuestion(tipset)) }
    }

    test('every recorded tipset is there', () => {
      expect(expected.map((e) => e.height).sort((a, b) => a - b)).toEqual([
        38_895, 197_673, 1_352_134, 1_467_665, 1_552_242, 1_572_087, 2_907_480, 3_573_062,
      ])
    })

    test.each(expected.map((e) => [`${e.network} ${e.height}`, e] as const))(
      '%s: totals to the attoFIL',
      async (_, want) => {
        const { tipset, trace } = await read(want.network, want.height)
        const executed = executedOf(trace, tipset)
        const totals = {
          base_fee_burn: sum(executed.map((e) => e.gas.baseFeeBurn)),
          over_estimation_burn: sum(executed.map((e) => e.gas.overEstimationBurn)),
          miner_tip: sum(executed.map((e) => e.gas.minerTip)),
          miner_penalty: sum(executed.map((e) => e.gas.minerPenalty)),
          refund: sum(executed.map((e) => e.gas.refund)),
          internal_burn_effective: sum(trace.burns.map((b) => b.call.value)),
          minted: sum(trace.awards.map((a) => a.minted)),
          gas_reward: sum(trace.awards.map((a) => a.gasReward)),
        }
        expect({
          ...totals,
          burn_total: totals.base_fee_burn + totals.over_estimation_burn + totals.internal_burn_effective,
        }).toEqual(want.totals)
        expect({
          blocks: tipset.blocks.length,
          baseFee: tipset.baseFee,
          wins: tipset.blocks.reduce((all, b) => all + b.winCount, 0),
        }).toEqual({ blocks: want.blocks, baseFee: want.base_fee, wins: want.sum_win_count })
        expect(
          trace.awards.map(({ penalty, gasReward, winCount, minted }) => [
            penalty,
            gasReward,
            winCount,
            minted,
          ]),
        ).toEqual(want.rewards.map((r) => [r.penalty, r.gas_reward, r.win_count, r.minted]))
        expect(
          executed.map(({ message, gas }) => ({
            cid: message.cid,
            base_fee_burn: gas.baseFeeBurn,
            over_estimation_burn: gas.overEstimationBurn,
            miner_tip: gas.minerTip,
            miner_penalty: gas.minerPenalty,
            refund: gas.refund,
          })),
        ).toEqual(want.messages.map((m) => expect.objectContaining(m)))
        expect(trace.burns.map((b) => [b.txId, b.call.from, b.call.value])).toEqual(
          want.transfers_to_f099.filter((t) => t.effective).map((t) => [t.top_cid, t.from_, t.value]),
        )
      },
    )

    const unknownState = (trace: TipsetTrace, tipset: Awaited<ReturnType<typeof read>>['tipset']) => {
      const refused = { refused: new Error('not recorded') as never }
      const state = { reward: refused, rewardAfter: refused, burnt: refused, burntAfter: refused }
      return { tipset, afterNullRounds: false, state, trace }
    }

    test('a recorded tipset keeps its identities, and a dropped award or a wrong fee breaks them with both sides', async () => {
      const { tipset, trace } = await read('mainnet', 3_573_062)
      const facts = unknownState(trace, tipset)
      expect(identitiesOf(facts, 'trace').length).toBe(118 * 3 + 1)
      expect(brokenIdentity(facts, 'trace')).toBeUndefined()
      const dropped = brokenIdentity(
        unknownState({ ...trace, awards: trace.awards.slice(1) }, tipset),
        'trace',
      )
      expect(dropped?.refused.message).toMatch(
        /tipset 3573062: tips of the messages = gas rewards of the blocks: 1620869325925471 and 610174690137697 attoFIL/,
      )
      const dearer = brokenIdentity(unknownState(trace, { ...tipset, baseFee: tipset.baseFee + 1n }), 'trace')
      expect(dearer?.refused.message).toMatch(
        /gas of message bafy\w+ as computed = as the node says \(burned\)/,
      )
    })

    test('internal burns of 3573062 are four batch fees and one of the market', async () => {
      const { trace } = await read('mainnet', 3_573_062)
      expect(trace.burns.map((b) => [causeOf(b, false), b.call.value, b.implicit])).toEqual([
        ['batchFee', 24_649_986_000_000_000n, false],
        ['batchFee', 32_866_648_000_000_000n, false],
        ['batchFee', 20_541_655_000_000_000n, false],
        ['batchFee', 20_541_655_000_000_000n, false],
        ['market', 8_148_158_913_163_692n, true],
      ])
    })

    test('each message of a tipset is executed once, BLS before secp, in the order of the recorded execution', async () => {
      for (const height of [2_907_480, 3_573_062]) {
        const { tipset, trace } = await read('mainnet', height)
        const file = join(root, 'heights-mainnet', `tipset_${height}.json.gz`)
        const holders: Record<string, { Cid: string }[]> = JSON.parse(
          gunzipSync(readFileSync(file)).toString(),
        ).BlockMessages
        const bls = (from: string): number => (from.startsWith('f3') ? 0 : 1)
        const byBlock = tipset.cids.map((block) =>
          trace.messages
            .map((m) => m.message)
            .filter((m) => holders[m.cid]?.some((h) => h.Cid === block))
            .sort((a, b) => bls(a.from) - bls(b.from)),
        )
        const selected = selectExecuted(byBlock)
        const held = sum(byBlock.map((b) => BigInt(b.length)))
        expect(held).toBeGreaterThan(BigInt(trace.messages.length))
        expect(selected.map((s) => s.message.cid)).toEqual(trace.messages.map((m) => m.message.cid))
        const gas = executedOf(trace, tipset)
        const tips = tipset.cids.map((_, i) =>
          sum(selected.flatMap((s, at) => (s.block === i ? [gas[at]?.gas.minerTip ?? 0n] : []))),
        )
        // Only the first block that holds a message gets its tip.
        expect(tips).toEqual(trace.awards.map((a) => a.gasReward))
      }
    })

    test('recorded rows of f02: minted, reward of the epoch, and the sum with its balance', async () => {
      const row = z.object({
        network: z.string(),
        height: z.number(),
        f02_balance: z.string().optional(),
        state: z.record(z.string(), z.unknown()),
      })
      const { rows } = z
        .object({ rows: z.array(row) })
        .parse(JSON.parse(readFileSync(join(root, 'reference/reward_state_rows_2026.json'), 'utf8')))
      const place = { endpoint: 'file', method: 'StateReadState' }
      const states = rows.map((r) =>
        readRewardState({ Balance: r.f02_balance ?? '0', State: { Accrued: null, ...r.state } }, place),
      )
      expect(states.map((s) => [s.minted, s.thisEpochReward])).toEqual([
        [409_336_223_003_873_867_555_802_474n, 20_571_896_745_030_370_974n],
        [110_958_573_454_974_240_267_760_798n, 23_040_518_119_342_820_469n],
        [110_469_517_489_432_681_170_003_963n, 23_095_629_521_969_828_224n],
        [110_534_789_174_400_147_324_658_484n, 23_088_309_121_363_800_201n],
      ])
      // Network version 29 is seen in the state: what was minted has parts.
      expect(states.map((s) => s.streams)).toEqual([
        undefined,
        {
          burned: 24_043_163_217_827_762_771_763n,
          explicit: 77_211_820_386_747_518_854_736n,
          unclaimed: 43_474_537_298_093_792_975_065n,
        },
        undefined,
        { burned: 3_338n, explicit: 1_664_003_218_449_871_124_998n, unclaimed: 0n },
      ])
      const overHttp = await new LotusRpc(pool('mainnet')).ask({
        method: 'StateReadState',
        params: ['f02', []],
        read: readRewardState,
      })
      expect(overHttp.balance + overHttp.minted - miningReserve).toBe(65_000_000_006_660_000_000n)
      expect(rewardsOf(overHttp.thisEpochReward, [1, 2])).toEqual([
        4_114_379_349_006_074_194n,
        8_228_758_698_012_148_389n,
      ])
    })

    test('the source books the causes of a recorded tipset, and says why the rest is missing', async () => {
      const source = createFilecoinSource(pool('mainnet'), silentLogger)
      expect(await source.identify()).toEqual({
        network: 'bafy2bzacecnamqgqmifpluoeldx7zzglxcljo6oja4vrmtj7432rphldpdmm2',
        origin: 'replayed',
      })
      const streams = streamsOf(filecoin, 'filecoin')
      const idOf = (name: string) => streams.find((s) => s.name === name)?.id
      const batch = await source.read(
        { from: 3_573_062, to: 3_573_062 },
        streams,
        AbortSignal.timeout(30_000),
      )
      const booked = Object.fromEntries(
        ['batchFees', 'penaltyBurns', 'penalties', 'faultBurns', 'tipsFromAwards', 'tips', 'gasFees'].map(
          (name) => [
            name,
            sum(batch.events.filter((e) => e.streamId === idOf(name)).map((e) => e.amountRaw)),
          ],
        ),
      )
      expect(booked).toEqual({
        batchFees: 98_599_944_000_000_000n,
        penaltyBurns: 8_148_158_913_163_692n,
        penalties: 8_148_158_913_163_692n,
        faultBurns: 0n,
        tipsFromAwards: 1_620_869_325_925_471n,
        tips: 1_620_869_325_925_471n,
        gasFees: 1_325_924_255_880n + 82_153_505_385n,
      })
      for (const name of ['minted', 'burned', 'internalBurns', 'blockRewards']) {
        const gap = batch.gaps.find((g) => g.streamId === idOf(name))
        expect(gap).toMatchObject({ from: 3_573_062, to: 3_573_062, code: 'rpc-not-found' })
        expect(gap?.reason).toMatch(/could not find .* in the recordings/)
      }
    })

    test('a node of another network is refused by its genesis', async () => {
      const source = createFilecoinSource(pool('calibration'), silentLogger)
      await expect(source.identify()).rejects.toThrow(/genesis/)
    })

    test('what is not a refusal is an answer', async () => {
      const [known, unknown] = await new LotusRpc(pool('mainnet')).batch([
        tipsetQuestion(3_573_062),
        tipsetQuestion(5),
      ])
      expect(known !== undefined && !isRefusal(known) && known.height).toBe(3_573_062)
      expect(unknown !== undefined && isRefusal(unknown) && unknown.refused.code).toBe('rpc-not-found')
    })
  },
)
