import Assembly
import JSONFormat
import Memory
import Sockets
import Updating
import Wire
import Zone

extension Commands {
  /// Prints a zone as it is served, and which of its records are from its file and which from updates.
  package static func showZone(_ name: String, config: String, json: Bool) -> Int32 {
    guard let assembled = assemble(config) else { return 1 }
    guard let apex = try? DomainName(name), let index = assembled.index(ofZone: apex) else {
      let names = assembled.zones.map(\.summary.name).joined(separator: ", ")
      Output.write("there is no zone `\(name)`; the configuration has \(names)", toError: true)
      return 1
    }
    let listing = ZoneListing(assembled.zones[index])
    Output.write(json ? listing.json.text : listing.text, toError: false)
    return 0
  }
}

extension Commands {
  /// A serial as people write it: the day in UTC and 01.
  package static var serialOfToday: UInt32 {
    // Days since 1970 to a date (proleptic Gregorian, from March on).
    let days = Int(Clock.wall() / 86_400_000_000_000) + 719_468
    let era = days / 146_097
    let day = days % 146_097
    let year = (day - day / 1460 + day / 36524 - day / 146_096) / 365
    let ofYear = day - (365 * year + year / 4 - year / 100)
    let month = (5 * ofYear + 2) / 153
    let isLate = month >= 10
    let date = (year + era * 400 + (isLate ? 1 : 0)) * 10_000 + (isLate ? month - 9 : month + 3) * 100
    return UInt32(truncatingIfNeeded: (date + ofYear - (153 * month + 2) / 5 + 1) * 100 + 1)
  }
}

/// A zone's records, with where they come from.
private struct ZoneListing {
  private enum Origin: String {
    case file, update
    /// In the file, but taken out by an update.
    case removed
  }

  private struct Line {
    let record: ZoneRecord
    let origin: Origin
    var data: String { RDataFormat(record.type).text(record.data.rawBytes) }
    var text: String { "\(record.owner) \(record.ttl) IN \(record.type) \(data)" }
  }

  private let name: String
  private let serial: UInt32
  private let lines: [Line]

  init(_ zone: BuiltZone) {
    name = zone.summary.name
    serial = zone.summary.serial
    let overlay = zone.updates?.overlay
    let added = Set((overlay?.additions ?? []).map(\.identity))
    var lines: [Line] = []
    zone.zone.value.forEachRecord { record in
      let identity = RecordIdentity(owner: record.owner, type: record.type, data: record.data)
      lines.append(Line(record: record, origin: added.contains(identity) ? .update : .file))
    }
    for identity in (overlay?.removed ?? []).sorted() {
      let record = ZoneRecord(identity.owner, identity.type, ttl: 0, data: identity.data)
      lines.append(Line(record: record, origin: .removed))
    }
    // The SOA stays first; the walk begins at the apex.
    let start = lines.firstIndex { $0.record.type == .soa } ?? 0
    let first = lines.isEmpty ? [] : [lines.remove(at: start)]
    self.lines =
      first + lines.sorted { ($0.record.owner, $0.record.type.rawValue) < ($1.record.owner, $1.record.type.rawValue) }
  }

  /// As a master file; what updates have to do with is in comments.
  var text: String {
    let updates = lines.count { $0.origin != .file }
    let head = "; \(name), serial \(serial), \(updates) records changed by updates"
    return
      ([head]
      + lines.map { line in
        switch line.origin {
        case .file: line.text
        case .update: line.text + " ; by an update"
        case .removed: "; removed by an update: " + line.text
        }
      }).joined(separator: "\n")
  }

  var json: JSON {
    .object([
      "zone": .string(name), "serial": .integer(serial),
      "records": .array(
        lines.map { line in
          .object([
            "owner": .string("\(line.record.owner)"), "ttl": .integer(line.record.ttl),
            "type": .string("\(line.record.type)"), "data": .string(line.data), "from": .string(line.origin.rawValue),
          ])
        }),
    ])
  }
}
