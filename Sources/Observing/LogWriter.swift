package import Logging

/// swift-log's back end: renders an event and hands the line to the queue.
package struct LogWriter: LogHandler {
  package var metadata: Logger.Metadata = [:]
  package var metadataProvider: Logger.MetadataProvider?
  private let label: String
  private let queue: LogQueue
  private var own: Logger.Level?

  package init(label: String, queue: LogQueue) {
    self.label = label
    self.queue = queue
  }

  package var logLevel: Logger.Level {
    get { own ?? queue.level }
    set { own = newValue }
  }

  package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  package func log(event: LogEvent) {
    var all = metadata
    if let provided = metadataProvider?.get() { all.merge(provided) { $1 } }
    if let own = event.metadata { all.merge(own) { $1 } }
    if let error = event.error { all["error"] = "\(error)" }
    queue.submit(LogLine(level: event.level, label: label, message: event.message.description, metadata: all))
  }
}
