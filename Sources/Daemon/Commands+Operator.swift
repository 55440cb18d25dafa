import Configuration
package import Control
import Glibc
import JSONFormat
import Memory
import Wire

extension Commands {
  /// What an operator says of where the servers are.
  package struct Targets: Sendable {
    /// Addresses and paths, as written; none: that of the configuration.
    package var control: [String]
    package var config: String?
    package var tokenFile: String?

    package init(control: [String], config: String?, tokenFile: String?) {
      self.control = control
      self.config = config
      self.tokenFile = tokenFile
    }
  }

  /// The operator's hand; nil, said why, when it is not known where the servers are.
  package static func `operator`(_ targets: Targets, isJSON: Bool) -> Operator? {
    do throws(StartError) {
      let (places, token) = try resolve(targets)
      return Operator(places, token: token, isJSON: isJSON) { Output.write($0, toError: $1) }
    } catch {
      Output.write("alula: \(error)", toError: true)
      return nil
    }
  }

  /// Whoever sits before it: `sudo` hides them.
  package static var whoAmI: String {
    Environment.value("SUDO_USER") ?? Environment.value("USER") ?? "user \(getuid())"
  }

  /// Whole seconds, at least 1, of a duration such as `2h`.
  package static func seconds(_ text: String) -> Int64? {
    parseDuration(text).map(\.components.seconds).flatMap { $0 > 0 ? $0 : nil }
  }

  package static func isAddress(_ text: String) -> Bool { IPAddress(text) != nil }

  /// The first of the usual files that is there.
  package static var usualConfiguration: String { usualFiles.first { Environment.hasFile($0) } ?? usualFiles[0] }

  package static var outputIsTerminal: Bool { isatty(1) == 1 }

  private static var usualFiles: [String] { ["alula.yaml", "/etc/alula/alula.yaml"] }

  private static func resolve(_ targets: Targets) throws(StartError) -> ([ControlPlace], String?) {
    var places: [ControlPlace] = []
    for text in targets.control {
      guard let place = ControlPlace(text) else {
        throw StartError("`\(text)` is neither ADDRESS:PORT nor the path of a socket (with a slash)")
      }
      places.append(place)
    }
    var tokenFile = targets.tokenFile
    if places.isEmpty {
      let known = try whereabouts(targets.config)
      places = [known.place]
      tokenFile = tokenFile ?? known.tokenFile
    }
    let isLocal = places.allSatisfy { if case .unix = $0 { true } else { false } }
    return (places, try tokenFile.flatMap { file throws(StartError) in isLocal ? nil : try token(file) })
  }

  private static func token(_ file: String) throws(StartError) -> String {
    do throws(FileError) {
      let contents = try FileContents(file, limit: 4096)
      return String(String(decoding: Array(contents.bytes), as: UTF8.self).prefix { !$0.isNewline })
    } catch { throw StartError("cannot read the token: \(error)") }
  }

  /// The UNIX socket in the state folder if it is there, else what `control.listen` says.
  private static func whereabouts(
    _ config: String?
  ) throws(StartError) -> (place: ControlPlace, tokenFile: String?) {
    let candidates = config.map { [$0] } ?? usualFiles
    guard let file = candidates.first(where: { Environment.hasFile($0) }) else {
      let names = candidates.joined(separator: " nor ")
      throw StartError("no \(names): say where the server is by --control ADDRESS:PORT, or --config FILE")
    }
    guard let contents = try? FileContents(file, limit: 8 << 20),
      let found = Configuration.whereabouts(Array(contents.bytes), file: file)
    else { throw StartError("cannot read \(file): say where the server is by --control ADDRESS:PORT, or its socket") }
    let folder = file.lastIndex(of: "/").map { String(file[..<$0]) } ?? "."
    let inFolder = { (name: String) in name.hasPrefix("/") ? name : "\(folder)/\(name)" }
    let socket = found.state.map { inFolder($0) + "/" + ControlPlace.socketName }
    if let socket, Environment.hasFile(socket) { return (.unix(socket), nil) }
    if let socket, found.control == nil, Environment.isHidden(socket) {
      throw StartError(
        "this user may not look into the folder of \(socket): ask with sudo, or as the server's user or group")
    }
    if let control = found.control, control.port > 0 { return (.tcp(control.reachable), found.tokenFile.map(inFolder)) }
    throw StartError(
      "\(socket.map { "\($0) is not there: the server does not run" } ?? "\(file) has no `state`")"
        + (found.control == nil ? ", and no `control.listen` says where else to ask" : ""))
  }
}

extension SocketAddress {
  /// Every address of this machine is reached by the loopback one.
  fileprivate var reachable: SocketAddress {
    guard address.isUnspecified else { return self }
    return SocketAddress(address.isIPv6 ? .v6(0, 1) : .v4(0x7F00_0001), port: port)
  }
}
