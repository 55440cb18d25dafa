import Answering
import Logging
import Serving
import Wire

extension Logger {
  /// One line for each transfer, with how it ended.
  func log(_ transfer: TransferReport) {
    let zone = transfer.snapshot.apex.shortText
    let how = transfer.ending == .finished ? "transferred" : "not transferred whole: \(transfer.ending.rawValue)"
    info(
      "zone \(zone) \(how)",
      metadata: [
        "client": "\(transfer.client)", "serial": "\(transfer.snapshot.serial)",
        "records": "\(transfer.records)", "octets": "\(transfer.octets)",
        "milliseconds": "\(transfer.duration / 1_000_000)",
      ])
  }
}
