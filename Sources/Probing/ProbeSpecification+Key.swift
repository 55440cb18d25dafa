import Wire

extension ProbeSpecification {
  /// What is probed, in words that stay the same over releases and edited thresholds: `https 192.0.2.1:443 app.example/health`.
  package var key: String {
    switch kind {
    case .tcp: "tcp \(place)"
    case .tcpDialogue: "tcp-dialogue \(place)"
    case .http(let request): "http \(place) \(request.host ?? "")\(request.path)"
    case .https(let request, _): "https \(place) \(request.host ?? "")\(request.path)"
    case .dns(let question): "dns \(place) \(question.name.shortText) \(question.type)"
    case .command(let command): "command \(command.arguments.joined(separator: " "))"
    }
  }
}
