import JSONFormat
import Sockets

/// Route 53 as the AWS command line reaches it: credentials, region, retries and pages are its own matter.
package struct AWS: Sendable {
  package struct Failure: Error, CustomStringConvertible {
    package let description: String
    /// An error code of the API, as the command line prints it: `Throttling`.
    package let code: String?
    /// The call was stopped, so that nobody here knows whether it was carried out.
    package var isCutOff = false
  }

  /// The program's name, for tests another one.
  let program: String
  /// Nanoseconds for one call.
  let timeout: UInt64
  /// Waits so many nanoseconds.
  let sleep: @Sendable (UInt64) -> Void

  package init(
    program: String = "aws", timeout: UInt64 = 300_000_000_000,
    sleep: @escaping @Sendable (UInt64) -> Void = { Clock.sleep($0) }
  ) {
    self.program = program
    self.timeout = timeout
    self.sleep = sleep
  }

  /// Calls that Route 53 throttles (five a second for an account) are tried again, after 1, 2, 4, 8 and 16 seconds.
  private static var tries: Int { 6 }

  /// `aws route53 WORDS --output json`; what it prints, or nil for nothing.
  package func route53(_ words: [String]) throws(Failure) -> Shape? {
    var wait: UInt64 = 1_000_000_000
    for attempt in 1... {
      do throws(Failure) { return try once(words) } catch {
        guard let code = error.code, code == "Throttling" || code == "PriorRequestNotComplete", attempt < AWS.tries
        else { throw error }
        sleep(wait)
        wait *= 2
      }
    }
    return nil
  }

  private func once(_ words: [String]) throws(Failure) -> Shape? {
    let title = "aws route53 \(words.first ?? "")"
    let outcome: Program.Outcome
    do throws(Program.Failure) {
      outcome = try Program([program, "route53"] + words + ["--output", "json"], timeout: timeout).run()
    } catch {
      if case .cannotStart = error {
        throw Failure(description: "\(error); install the AWS command line, or give files instead", code: nil)
      }
      throw Failure(description: "\(error)", code: nil, isCutOff: true)
    }
    let errors = String(decoding: outcome.errors, as: UTF8.self).split(separator: "\n").joined(separator: " ")
    guard outcome.status == 0 else {
      throw Failure(description: "\(title) failed (status \(outcome.status)): \(errors)", code: AWS.code(errors))
    }
    guard outcome.output.contains(where: { $0 > 0x20 }) else { return nil }
    do throws(ShapeError) { return try Document.read(title, outcome.output) } catch {
      throw Failure(description: "\(error)", code: nil)
    }
  }

  /// From `An error occurred (Throttling) when calling the … operation: …`.
  private static func code(_ errors: String) -> String? {
    let marker = "An error occurred ("
    var rest = errors[...]
    while !rest.isEmpty, !rest.hasPrefix(marker) { rest.removeFirst() }
    let code = rest.dropFirst(marker.count).prefix { $0 != ")" }
    return code.isEmpty ? nil : String(code)
  }
}
