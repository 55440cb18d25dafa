import Configuration
import Diagnostics
import Memory
import Updating
import Wire

extension Assembler {
  /// The keys that requests are signed with; those whose file has an error are left out, and reported.
  mutating func signatureKeys(_ configuration: Configuration) -> KeyRing {
    KeyRing(configuration.keys.compactMap { signatureKey($0) })
  }

  private mutating func signatureKey(_ key: Configuration.Key) -> SignatureKey? {
    let path = resolve(key.secretFile.value)
    do throws(FileError) {
      return readKey(key, try secret(path, limit: KeyFile.largest), path)
    } catch { problems.report(Problem(.error, key.secretFile.position, "cannot read the key's secret: \(error)")) }
    return nil
  }

  private mutating func readKey(_ key: Configuration.Key, _ text: String, _ path: String) -> SignatureKey? {
    let algorithm = SignatureAlgorithm(key.algorithm)
    // The messages do not show what may be a secret.
    func fail(_ message: String) {
      problems.report(Problem(.error, Position(file: path, line: 1, column: 1), message))
    }
    do throws(SecretError) {
      let file = try KeyFile(text)
      if let name = file.name, name != key.name.value {
        fail("the file's key is \(name.shortText), the configuration's \(key.name.value.shortText)")
      } else if let other = file.algorithm, other != algorithm {
        fail("the file's key is for \(other.rawValue), the configuration's for \(algorithm.rawValue)")
      } else {
        return SignatureKey(name: key.name.value, algorithm: algorithm, secret: file.secret)
      }
    } catch { fail("\(error)") }
    return nil
  }

  /// Who may change what in a zone by update.
  mutating func updateRules(_ zone: Configuration.Zone, _ configuration: Configuration) -> [UpdateRule] {
    guard !zone.update.isEmpty else { return [] }
    if configuration.state == nil {
      problems.report(
        Problem(
          .error, zone.name.position,
          "the zone \(zone.name.value.shortText) takes updates, which would be lost at a restart: say `state: FOLDER`"))
    }
    return zone.update.map { rule in
      checkTypes(rule, zone)
      return UpdateRule(key: rule.key, names: rule.names.compactMap { pattern($0, zone.name.value) }, types: rule.types)
    }
  }

  private mutating func pattern(_ text: Placed<String>, _ zone: DomainName) -> NamePattern? {
    do throws(PatternError) { return try NamePattern(text.value, zone: zone) } catch {
      problems.report(Problem(.error, text.position, "`\(text.value)`: \(error)"))
      return nil
    }
  }

  private mutating func checkTypes(_ rule: Configuration.UpdateRule, _ zone: Configuration.Zone) {
    for type in rule.types where !UpdateRule.isPermittable(type) {
      problems.report(
        Problem(
          .error, rule.names.first?.position ?? zone.name.position,
          "\(type) is never changed by updates: it would change what other names mean, or what is signed; write it in the zone file"
        ))
    }
  }

  /// A change would leave the zone's signatures and proofs wrong.
  mutating func checkUpdates(_ zone: Configuration.Zone, isSigned: Bool) {
    guard isSigned, !zone.update.isEmpty else { return }
    problems.report(
      Problem(
        .error, zone.name.position,
        "the zone \(zone.name.value.shortText) is signed, so no update can change it: nobody here could sign the change; "
          + "delegate the names to an unsigned zone of their own"))
  }
}

extension SignatureAlgorithm {
  fileprivate init(_ algorithm: Configuration.Key.Algorithm) {
    self =
      switch algorithm {
      case .hmacSHA256: .sha256
      case .hmacSHA384: .sha384
      case .hmacSHA512: .sha512
      }
  }
}
