// Loaded before a simulated process: its wall clock jumps by SIM_CLOCK_JUMP_MS once it is SIM_CLOCK_AFTER_MS old.
// Timers go on as before, as they do when somebody sets the clock of a machine.
const jump = Number(process.env['SIM_CLOCK_JUMP_MS'] ?? 0)
const after = Number(process.env['SIM_CLOCK_AFTER_MS'] ?? 0)
const RealDate = Date
const present = (): number => RealDate.now() + (performance.now() > after ? jump : 0)

globalThis.Date = new Proxy(RealDate, {
  construct: (target, given, made) =>
    Reflect.construct(target, given.length === 0 ? [present()] : given, made),
  get: (target, name, receiver) => (name === 'now' ? present : Reflect.get(target, name, receiver)),
})
