/// What an event shows under one tag: `Summary.Value` of TensorFlow's `summary.proto`.
struct SummaryValue {
    let tag: String
    let content: Content

    enum Content {
        case scalar(Double)
        case histogram(Histogram)
        /// A text that a plugin of TensorBoard knows how to show, and the version of its form.
        case text(String, plugin: String, version: String)
        /// Pictures of one size, each as a file of its own.
        case images([[UInt8]], width: Int, height: Int)
    }

    var message: ProtocolBuffer {
        var message = ProtocolBuffer()
        message.add(1, tag)
        switch content {
        case .scalar(let number): message.add(2, Float(number))
        case .histogram(let histogram): message.add(5, histogram.message)
        case .text(let text, let plugin, let version):
            message.add(8, Self.tensor([Array(text.utf8)], isList: false))
            message.add(9, Self.metadata(plugin, version))
        case .images(let pictures, let width, let height):
            message.add(8, Self.tensor([width, height].map { Array(String($0).utf8) } + pictures, isList: true))
            message.add(9, Self.metadata("images", ""))
        }
        return message
    }

    /// `TensorProto` of strings: one without axes, or some along one axis.
    private static func tensor(_ strings: [[UInt8]], isList: Bool) -> ProtocolBuffer {
        var shape = ProtocolBuffer()
        if isList {
            var axis = ProtocolBuffer()
            axis.add(1, strings.count)
            shape.add(2, axis)
        }
        var tensor = ProtocolBuffer()
        // DT_STRING of `types.proto`.
        tensor.add(1, 7)
        tensor.add(2, shape)
        for string in strings { tensor.add(8, string) }
        return tensor
    }

    private static func metadata(_ plugin: String, _ content: String) -> ProtocolBuffer {
        var data = ProtocolBuffer()
        data.add(1, plugin)
        if !content.isEmpty { data.add(2, content) }
        var metadata = ProtocolBuffer()
        metadata.add(1, data)
        return metadata
    }
}
