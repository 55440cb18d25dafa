import Failover
import Sockets

/// An attempt that runs a program: exit status 0 is success.
final class CommandAttempt: Attempt {
  private let start: Errand<Result<ChildCommand, SystemError>>
  private let program: String
  private var command: ChildCommand?
  private var output: [UInt8] = []
  private var printed = 0
  private var outputEnded = false

  /// Programs that run at once, over all probes.
  static var maximum: Int { 32 }
  /// Octets of output that are kept for its first line.
  private static var kept: Int { 512 }
  /// Octets of output after which the program is ended.
  private static var outputLimit: Int { 65_536 }
  /// Characters of the first line that are told.
  private static var told: Int { 200 }

  init(_ specification: ProbeSpecification, _ command: ProbeSpecification.Command, _ errands: Errands, at now: Instant)
    throws(SystemError)
  {
    program = command.arguments.first ?? ""
    let arguments = command.arguments
    let slot = ChildCommand.Slot()
    start = try errands.begin {
      do throws(SystemError) { return .success(try ChildCommand(arguments, slot)) } catch { return .failure(error) }
    }
    super.init(specification, .preparing, at: now)
  }

  override var descriptors: [Int32] {
    command.map { [$0.endedNumber, $0.outputNumber] } ?? [start.descriptor]
  }
  override var preparation: String { "starting \(program)" }
  override var waitingFor: String { "the end of \(program)" }

  override func advance() -> Step {
    if stage == .preparing {
      switch start.result {
      case nil: return .wait
      case .failure(let error)?: return .trouble(.resource("cannot start \(error)"))
      case .success(let started)?:
        // The errand lets go of it, so that the program's end depends on this attempt alone.
        start.abandon()
        command = started
        isUnwatched = true
        enter(.reading)
      }
    }
    // What was printed before the end is there once the end is seen.
    let ending = command?.ending()
    drain()
    if printed >= CommandAttempt.outputLimit {
      return .ended(.unexpectedBody("more than \(CommandAttempt.outputLimit) octets of output"))
    }
    guard let ending else { return .wait }
    return switch ending {
    case .exited(0): .done
    case .exited(let status): .ended(.exit(status: status, output: firstLine))
    case .signalled(let number): .ended(.signal(number))
    }
  }

  private func drain() {
    while !outputEnded, printed < CommandAttempt.outputLimit, let command {
      var octets: [UInt8] = []
      guard case .done(let count) = command.read(appendingTo: &octets, atMost: 1024) else { return }
      outputEnded = count == 0
      printed += count
      output += octets.prefix(CommandAttempt.kept - output.count)
    }
  }

  private var firstLine: String {
    printable(output.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }, limit: CommandAttempt.told)
  }

  /// Kills what is left of the program and its group.
  override func finish(inOrder: Bool) {
    start.abandon()
    command = nil
  }
}
