import Glibc

/// Calls `body` until it returns a value, at the latest until `seconds` have passed: how a test waits for a state.
/// - Parameter milliseconds: the pause between two calls.
package func poll<Value>(seconds: Int = 20, every milliseconds: Int32 = 20, _ body: () throws -> Value?) rethrows
  -> Value?
{
  let deadline = ContinuousClock.now + .seconds(seconds)
  while true {
    if let value = try body() { return value }
    if ContinuousClock.now > deadline { return nil }
    _ = Glibc.poll(nil, 0, milliseconds)
  }
}

/// Whether `condition` becomes true before `seconds` have passed.
package func becomesTrue(seconds: Int = 20, _ condition: () throws -> Bool) rethrows -> Bool {
  try poll(seconds: seconds) { try condition() ? true : nil } ?? false
}
