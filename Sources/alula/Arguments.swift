import ArgumentParser
import Daemon
import Delegation
import Wire

/// Words of the command line that more than one command takes.
enum Arguments {
  /// Words for people on standard error, what was asked for on standard output.
  static let voice = Voice(say: { Output.write($0, toError: true) }, give: { Output.write($0, toError: false) })

  static func address(_ text: some StringProtocol, of option: String) throws -> SocketAddress {
    guard let address = place(text) else {
      throw ValidationError("\(option) takes ADDRESS or ADDRESS:PORT, not `\(text)`.")
    }
    return address
  }

  private static func place(_ text: some StringProtocol) -> SocketAddress? {
    SocketAddress(text) ?? IPAddress(text).map { SocketAddress($0, port: 53) }
  }

  static func server(_ text: String) throws -> (name: DomainName, address: SocketAddress) {
    let parts = text.split(separator: "=", maxSplits: 1)
    guard parts.count == 2, let name = try? DomainName(String(parts[0])), let address = place(parts[1]) else {
      throw ValidationError("--server takes NAME=ADDRESS or NAME=ADDRESS:PORT, not `\(text)`.")
    }
    return (name, address)
  }

  static func duration(_ text: String, of option: String, _ range: ClosedRange<Duration>) throws -> Duration {
    guard let duration = Durations.read(text), range.contains(duration) else {
      throw ValidationError("\(option) takes a time such as 2s or 1m30s, not `\(text)`.")
    }
    return duration
  }
}
