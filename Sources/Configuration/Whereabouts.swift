package import Wire

extension Configuration {
  /// Where a server of this configuration can be asked: what its operator's commands need to know of it. Whatever
  /// else is wrong with the file does not matter.
  package struct Whereabouts: Sendable {
    /// As written.
    package var state: String?
    package var control: SocketAddress?
    package var tokenFile: String?
  }

  /// Nil for what is no YAML.
  package static func whereabouts(_ text: [UInt8], file: String) -> Whereabouts? {
    var reader = Reader(file: file)
    guard let source = try? SourceText(text, file: file), let root = try? NodeBuilder.read(source),
      let entries = reader.entries(root, of: Schema.root.title)
    else { return nil }
    let values = Dictionary(entries.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
    let control = values["control"].flatMap { reader.control($0) }
    return Whereabouts(
      state: reader.file(values["state"])?.value, control: control?.listen.value, tokenFile: control?.tokenFile?.value)
  }
}
