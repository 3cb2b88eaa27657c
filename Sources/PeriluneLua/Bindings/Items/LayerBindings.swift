internal import PeriluneBinding
internal import PeriluneItems
internal import PeriluneNN

/// `lune.layers`, and every one of them in `lune` itself.
enum LayerBindings {
    static let functions: [Binding] = LayerCatalogue.declarations.map { declaration in
        .item(declaration, kind: LayerCatalogue.kind) { layer, arguments in
            let box = LuaLayer(layer)
            arguments.state.session.adopt(box)
            return box
        }
    }
}
